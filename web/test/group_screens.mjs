// Screenshots for people to look at, and one thing that can be measured: no page is wider than its
// window.
//
// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readerOf } from './reader.mjs';
import { present, withQuery } from './routes.mjs';
import { test } from './tell.mjs';

const WIDTHS = [360, 768, 1440];

export async function run({ browser, stories, out, all }) {
  const folder = join(out, 'screens');
  mkdirSync(folder, { recursive: true });
  const looks = all
    ? ['en', 'ru', 'kk', 'qps'].flatMap((lang) => ['light', 'dark'].map((theme) => ({ lang, theme })))
    : [{ lang: 'en', theme: 'light' }];
  for (const { key, story, service, incident } of all ? stories : stories.slice(0, 1)) {
    for (const { lang, theme } of looks) {
      for (const width of WIDTHS) {
        await test(`${key}: screens at ${width} px, ${lang}, ${theme}`, async () => {
          const reader = await readerOf(browser, service, { width, height: Math.round(width * 1.2), theme });
          const wide = [];
          for (const [name, path] of present(story, incident)) {
            await reader.open(withQuery(path, { lang: lang === 'en' ? '' : lang, theme: theme === 'light' ? '' : theme }));
            const over = await reader.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (over > 0) wide.push(`${name} by ${over} px`);
            await reader.page.screenshot({ path: join(folder, `${key}-${name}-${width}-${lang}-${theme}.png`), fullPage: true });
          }
          await reader.leave();
          assert.ok(wide.length === 0, `wider than the window: ${wide.join(', ')}`);
        });
      }
    }
  }
}
