// Service: the program that is tested, serving a store on a loopback port of its own choice.
//
// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';

const START_WITHIN_MS = 20_000;

export async function serve(lightsout, store) {
  const child = spawn(lightsout, ['serve', '--store', store, '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`serve did not start: ${said}`)), START_WITHIN_MS);
    const hear = (bytes) => {
      said += bytes;
      const found = /(http:\/\/127\.0\.0\.1:\d+)/.exec(said);
      if (found) {
        clearTimeout(timer);
        resolve(found[1]);
      }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
  return {
    address,
    said: () => said,
    stop: () => new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.on('exit', resolve);
      child.kill('SIGTERM');
    }),
  };
}
