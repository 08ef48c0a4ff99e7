// axe-core on every page. In ./test every page is seen in English and light, and then one language
// and theme each in turn, so that each of the eight combinations meets some pages; LIGHTSOUT_WEB_ALL
// takes all of them.
//
// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readerOf } from './reader.mjs';
import { present, withQuery } from './routes.mjs';
import { test } from './tell.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LANGUAGES = ['en', 'ru', 'kk', 'qps'];
const THEMES = ['light', 'dark'];

export async function violations(page) {
  await page.evaluate(axe); // injected by the driver: the page's own policy lets nothing in
  return page.evaluate(async () => {
    const found = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map((each) =>
      `${each.id} (${each.impact}): ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
}

export async function run({ browser, stories, all }) {
  const combinations = LANGUAGES.flatMap((language) => THEMES.map((theme) => ({ language, theme })));
  for (const { key, story, service, incident } of stories) {
    const reader = await readerOf(browser, service);
    for (const [index, [name, path]] of present(story, incident).entries()) {
      const others = key === 'kazakhstan' ? [combinations[0], combinations[1 + (index % 7)]] : [combinations[(index * 3) % 8]];
      await test(`${key}: ${name}, axe-core`, async () => {
        let looked = 0;
        const faults = new Map();
        for (const { language, theme } of all ? combinations : others) {
          await reader.open(withQuery(path, { lang: language, theme }));
          for (const fault of await violations(reader.page)) {
            faults.set(fault, [...(faults.get(fault) ?? []), `${language}/${theme}`]);
          }
          looked += 1;
        }
        assert.deepEqual([...faults].map(([fault, where]) => `${fault} in ${where}`), []);
        return `0 violations in ${looked} ${looked === 1 ? 'look' : 'looks'}`;
      });
    }
    await test(`${key}: no cookie, nothing stored, no other host`, () => reader.leave());
  }
}
