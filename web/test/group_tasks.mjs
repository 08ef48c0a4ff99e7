// SPDX-License-Identifier: Apache-2.0
import { readerOf } from './reader.mjs';
import { tasks } from './tasks.mjs';
import { test } from './tell.mjs';

export async function run({ browser, stories }) {
  for (const { key, story, service, incident } of stories) {
    for (const [who, walk] of Object.entries(tasks)) {
      for (const script of [true, false]) {
        await test(`${key}: ${who}, ${script ? 'with' : 'without'} the script`, async () => {
          const reader = await readerOf(browser, service, { script });
          try {
            return await walk(reader, story, incident);
          } finally {
            await reader.leave();
          }
        });
      }
    }
  }
}
