// Reader: somebody with a browser. Every request is watched: one to another host, a cookie or a
// stored word is a failure of whatever was tested.
//
//   const reader = await readerOf(browser, service, { script: false, by: 'keyboard' });
//   await reader.open('/country/KZ');
//   await reader.follow('main a[href*="/incident/"]');
//   await reader.leave();   // throws when anything was fetched from elsewhere
//
// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const WAIT_MS = 8_000;
const MOST_TABS = 400;

export function launch() {
  return chromium.launch({
    executablePath: process.env.LIGHTSOUT_CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export async function readerOf(browser, service, { script = true, by = 'mouse', width = 1440, height = 900, theme = 'light', language = 'en-GB', ...more } = {}) {
  const context = await browser.newContext({
    javaScriptEnabled: script, viewport: { width, height }, colorScheme: theme, locale: language,
    reducedMotion: 'reduce', acceptDownloads: true, ...more,
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const faults = [];
  const requests = [];
  page.on('request', (request) => {
    requests.push(request.url());
    if (!request.url().startsWith(service.address)) faults.push(`asked elsewhere: ${request.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4|5)\d\d/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));

  const reader = {
    page, context, requests, faults, by, script,
    // Opens a path and expects an answer of that status.
    async open(path, status = 200) {
      const response = await page.goto(service.address + path, { waitUntil: 'load' });
      assert.equal(response.status(), status, `${path} answers ${response.status()}`);
      if (script && await page.locator('script[type=module]').count() > 0) {
        await page.waitForSelector('html[data-script=ready]', { state: 'attached' });
      }
      return response;
    },
    // Puts the keyboard on an element by the Tab key alone.
    async tabTo(selector) {
      const wanted = page.locator(selector).first();
      await wanted.waitFor({ state: 'attached' });
      const focused = () => wanted.evaluate((element) => element === document.activeElement).catch(() => false);
      if (script) {
        for (let i = 0; i < MOST_TABS; ++i) {
          await page.keyboard.press('Tab');
          if (await focused()) return wanted;
        }
        throw new Error(`the Tab key never comes to ${selector}`);
      }
      // Without a script the page cannot be asked where the keyboard is: what takes part in the order
      // of the Tab key is known from its markup, and Chromium's own focus is used.
      await wanted.focus();
      return wanted;
    },
    // Follows a link or presses a button: by mouse, or by Tab and Enter.
    async follow(selector) {
      const wanted = page.locator(selector).first();
      await wanted.waitFor({ state: 'attached' });
      const before = page.url();
      if (by === 'keyboard') {
        await reader.tabTo(selector);
        await Promise.all([page.waitForURL((url) => url.href !== before), page.keyboard.press('Enter')]);
      } else {
        await Promise.all([page.waitForURL((url) => url.href !== before), wanted.click()]);
      }
      await page.waitForLoadState('load');
    },
    async text(selector = 'main') {
      return (await page.locator(selector).first().innerText()).replace(/[\u202f\u00a0]/g, ' ');
    },
    // The page says each of these (a text or a pattern).
    async says(...wanted) {
      const text = await reader.text();
      for (const each of wanted) {
        assert.ok(each instanceof RegExp ? each.test(text) : text.includes(each),
          `${page.url()} does not say ${each}; it says: ${text.slice(0, 600)}`);
      }
    },
    // Fetches what a link of the page leads to, as a script would.
    async fetch(path, headers = {}) {
      const response = await context.request.get(new URL(path, service.address).href, { headers });
      return { status: response.status(), type: response.headers()['content-type'] ?? '', headers: response.headers(), body: await response.body() };
    },
    async fetchLink(selector) {
      const link = page.locator(selector).first();
      await link.waitFor({ state: 'attached' });
      const answer = await reader.fetch(await link.getAttribute('href'));
      assert.equal(answer.status, 200, `${await link.getAttribute('href')} answers ${answer.status}: ${answer.body.toString().slice(0, 200)}`);
      return answer;
    },
    async leave() {
      const cookies = await context.cookies();
      if (cookies.length > 0) faults.push(`a cookie: ${cookies[0].name}`);
      if (script && page.url().startsWith(service.address)) {
        const stored = await page.evaluate(() => localStorage.length + sessionStorage.length);
        if (stored > 0) faults.push(`${stored} stored entries`);
      }
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
  return reader;
}
