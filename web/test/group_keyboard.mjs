// Everything by keyboard alone: each task, then what the script adds.
//
// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readerOf } from './reader.mjs';
import { tasks } from './tasks.mjs';
import { test } from './tell.mjs';

const additions = {
  async 'a figure is read, a stretch chosen and shown'(reader, story) {
    await reader.open(`/country/${story.code}`);
    const slider = await reader.tabTo('.js-slider');
    assert.equal(await slider.getAttribute('role'), 'slider');
    await reader.page.keyboard.press('Home');
    await reader.page.waitForFunction(() => /: .*\d/.test(document.querySelector('.js-slider').getAttribute('aria-valuetext')));
    const first = await slider.getAttribute('aria-valuetext');
    await reader.page.keyboard.press('PageUp');
    assert.notEqual(await slider.getAttribute('aria-valuetext'), first, 'the arrow keys change nothing');
    assert.ok(await reader.page.locator('.plot.js-read').count() > 1, 'the line is not in every plot');
    for (let i = 0; i < 3; ++i) await reader.page.keyboard.press('Shift+PageUp');
    const before = reader.page.url();
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForURL((url) => url.href !== before && url.searchParams.has('from') && url.searchParams.has('until'));
    await reader.page.waitForSelector('main:not([aria-busy])');
    await reader.page.waitForFunction(() => document.activeElement?.classList.contains('js-slider'));
    const chosen = new URL(reader.page.url()).searchParams;
    const drawn = await reader.page.locator('svg[data-from]').first().getAttribute('data-from');
    assert.ok(Math.abs(Date.parse(drawn) - Date.parse(chosen.get('from'))) <= 3_600_000, `drawn from ${drawn}, asked for ${chosen.get('from')}`);
    await reader.page.goBack();
    await reader.page.waitForURL(before);
    await reader.page.waitForFunction((from) => document.querySelector('svg[data-from]')?.getAttribute('data-from') !== from, drawn);
  },
  async 'a plot is looked at closer'(reader, story) {
    await reader.open(`/country/${story.code}`);
    await reader.tabTo('.row.pl .js-quiet[aria-expanded]');
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForSelector('.js-closer canvas');
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForSelector('.js-closer canvas', { state: 'detached' });
  },
  async 'the map is walked and a country opened'(reader, story) {
    await reader.open('/map');
    await reader.tabTo('svg.world [tabindex="0"]');
    const where = () => reader.page.evaluate(() => document.activeElement.getAttribute('href') ?? document.activeElement.getAttribute('aria-label'));
    const first = await where();
    const seen = new Set([first]);
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowUp']) {
      await reader.page.keyboard.press(key);
      seen.add(await where());
    }
    assert.ok(seen.size > 3, `the arrow keys came to ${[...seen]}`);
    const box = await reader.page.getAttribute('svg.world', 'viewBox');
    await reader.page.keyboard.press('+');
    assert.notEqual(await reader.page.getAttribute('svg.world', 'viewBox'), box);
    await reader.page.keyboard.press('0');
    await reader.open('/map');
    await reader.follow(`main a[href^="/country/${story.code}"]`);
    await reader.says(story.name);
  },
  async 'the theme changes at once and stays in the address'(reader) {
    await reader.open('/');
    await reader.tabTo('footer a[href*="theme="]');
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    assert.match(reader.page.url(), /theme=dark/);
    await reader.page.reload();
    assert.equal(await reader.page.getAttribute('html', 'data-theme'), 'dark');
  },
  async 'the first Tab offers to skip the navigation'(reader) {
    await reader.open('/');
    await reader.page.keyboard.press('Tab');
    assert.equal(await reader.page.evaluate(() => document.activeElement.getAttribute('href')), '#main');
  },
};

export async function run({ browser, stories }) {
  for (const { key, story, service, incident } of stories) {
    for (const [who, walk] of Object.entries({ ...tasks, ...additions })) {
      await test(`${key}, by keyboard: ${who}`, async () => {
        const reader = await readerOf(browser, service, { by: 'keyboard' });
        try {
          return await walk(reader, story, incident);
        } finally {
          await reader.leave();
        }
      });
    }
  }
}
