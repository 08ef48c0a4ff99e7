// Takes out of package-lock.json what names a host: where a package would be fetched from (npm then
// asks the registry that it is set to) and whom to fund. Run it after each `npm install`.
//
//   node tools/without-hosts.mjs package-lock.json
//
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2];
const lock = JSON.parse(readFileSync(file, 'utf8'));
for (const entry of Object.values(lock.packages)) {
  delete entry.resolved;
  delete entry.funding;
}
const text = JSON.stringify(lock, null, 2) + '\n';
if (/:\/\//.test(text)) throw new Error(`${file} still names a host`);
writeFileSync(file, text);
