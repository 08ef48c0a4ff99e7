// What a first visit costs, and how long a thin line keeps people waiting.
//
// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readerOf } from './reader.mjs';
import { present } from './routes.mjs';
import { test } from './tell.mjs';

const LITE_BYTES = 50_000;
const FULL_BYTES = 300_000;
const SCRIPT_BYTES = 100_000;
const READABLE_MS = 3_000;
const LINE = { offline: false, latency: 500, downloadThroughput: 64_000 / 8, uploadThroughput: 64_000 / 8 };

// Opens a page with an empty cache and adds up what came over the line, headers included.
async function transferred(reader, path) {
  const session = await reader.context.newCDPSession(reader.page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const kinds = new Map();
  let bytes = 0;
  let script = 0;
  session.on('Network.responseReceived', (event) => kinds.set(event.requestId, event.type));
  session.on('Network.loadingFinished', (event) => {
    bytes += event.encodedDataLength;
    if (kinds.get(event.requestId) === 'Script') script += event.encodedDataLength;
  });
  await reader.open(path);
  await reader.page.waitForTimeout(400); // what the script fetches by itself comes at once
  return { bytes, script };
}

// The time until words of the verdict are painted, on a line that is slow from the first byte.
async function readableAfter(reader, path) {
  const session = await reader.context.newCDPSession(reader.page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', LINE);
  await reader.page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'first-contentful-paint') globalThis.painted = entry.startTime;
    }).observe({ type: 'paint', buffered: true });
  });
  await reader.page.goto(new URL(path, reader.page.url() === 'about:blank' ? reader.service : reader.page.url()).href, { waitUntil: 'commit' });
  await reader.page.waitForFunction(() => globalThis.painted > 0 && document.querySelector('h1')?.getBoundingClientRect().height > 0, undefined, { timeout: 60_000 });
  return reader.page.evaluate(() => globalThis.painted);
}

export async function run({ browser, stories }) {
  for (const { key, story, service, incident } of stories) {
    const fresh = (more) => readerOf(browser, service, more);
    await test(`${key}: first load of /lite at most ${LITE_BYTES / 1000} kB`, async () => {
      const reader = await fresh();
      const { bytes } = await transferred(reader, `/lite/country/${story.code}`);
      await reader.leave();
      assert.ok(bytes <= LITE_BYTES, `${bytes} bytes`);
      return `${(bytes / 1000).toFixed(1)} kB`;
    });
    for (const [name, path] of present(story, incident)) {
      await test(`${key}: first load of ${name} at most ${FULL_BYTES / 1000} kB`, async () => {
        const reader = await fresh();
        const { bytes, script } = await transferred(reader, path);
        await reader.leave();
        assert.ok(bytes <= FULL_BYTES, `${bytes} bytes`);
        assert.ok(script <= SCRIPT_BYTES, `${script} bytes of script`);
        return `${(bytes / 1000).toFixed(1)} kB, of which script ${(script / 1000).toFixed(1)} kB`;
      });
    }
    for (const path of [`/country/${story.code}`, `/lite/country/${story.code}`]) {
      await test(`${key}: ${path} is readable within ${READABLE_MS / 1000} s at 64 kbit/s and 500 ms`, async () => {
        const reader = await fresh({ width: 360, height: 740 });
        reader.service = service.address;
        const milliseconds = await readableAfter(reader, path);
        await reader.context.close();
        assert.ok(milliseconds <= READABLE_MS, `${Math.round(milliseconds)} ms`);
        return `${Math.round(milliseconds)} ms`;
      });
    }
  }
}
