// Tasks: what each kind of reader comes for, step by step, by links and forms as they would.
//
// A task is told once and walked with the script and without it, with a mouse and by keyboard alone.
//
// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';

const png = (body) => body.subarray(1, 4).toString() === 'PNG';

export const tasks = {
  // Is it real, who is cut off, since when, one picture to publish, whom to credit?
  async 'a journalist twenty minutes before deadline'(reader, story) {
    await reader.open('/');
    await reader.follow(`main a[href^="/country/${story.code}"], main a[href^="/incident/"]`);
    if (!reader.page.url().includes('/country/')) await reader.follow(`main a[href^="/country/${story.code}"]`);
    await reader.says(story.name, story.since, story.local);
    const heading = await reader.text('h1');
    assert.ok(heading.length > 15, `the heading is no sentence: ${heading}`);
    if (story.synthetic) await assertText(reader, 'body', /SEMI-SYNTHETIC/);
    const svg = await reader.fetchLink('main a[href*=".svg"]');
    assert.match(svg.type, /svg/);
    const picture = await reader.fetchLink('main a[href*=".png"]');
    assert.ok(png(picture.body), 'the picture is no PNG');
    await assertText(reader, 'footer', /CC|licen/i);
  },

  // Few false alarms, tell me when it ends, the row for the tracker, a feed.
  async 'a responder who watches eight countries'(reader, story, incident) {
    await reader.open('/incidents');
    await choose(reader, 'country', story.code);
    await reader.says(story.name);
    const csv = await reader.fetchLink('main a[href*="incidents.csv"], main a[href*=".csv"]');
    assert.match(csv.body.toString(), new RegExp(story.code));
    const feed = await reader.fetchLink('a[href*=".atom"], link[href*=".atom"]');
    assert.match(feed.body.toString(), /<entry>/);
    await reader.follow(`main a[href^="/incident/${incident}"]`);
    await reader.says(story.name, story.since);
  },

  // Show me what you said then; methods; hashes of the inputs.
  async 'a lawyer months later'(reader, story, incident) {
    await reader.open(`/incident/${incident}`);
    await reader.says(/version/i);
    await assertText(reader, 'main', /[0-9a-f]{8,}/);
    await reader.open(`/incident/${incident}/v1`);
    await reader.says(story.name);
    await reader.open(`/incident/${incident}/print`);
    await reader.says(story.name);
    await reader.open(`/replay/${incident}?asof=${story.knownAt}`);
    await reader.says(story.name);
    await reader.open('/methods');
    await reader.says(/normal|expected/i);
  },

  // Me, my upstream, or the whole country?
  async 'a network operator'(reader, story) {
    await reader.open(`/country/${story.code}`);
    if (!story.network) {
      const other = await reader.open('/network/AS64496/in/IR', 404);
      assert.match(await other.text(), /AS64496|no /i);
      return 'no network of its own in this store: the page says so';
    }
    await reader.follow(`main a[href*="/network/${story.network}"]`);
    await reader.says(story.network, story.since);
    await reader.follow(`main a[href^="/country/${story.code}"]`);
    const why = await reader.fetch(`/api/v1/why/asn/${story.network.slice(2)}`);
    assert.ok([200, 404].includes(why.status), `why answers ${why.status}`);
    return undefined;
  },

  // What still passes, and when was the last window?
  async 'a circumvention team'(reader, story) {
    await reader.open(`/country/${story.code}`);
    const link = `main a[href^="/circumvention/${story.code}"]`;
    // Where nothing of it is measured no link promises any; the page itself says so.
    if (await reader.page.locator(link).count() > 0) await reader.follow(link);
    else await reader.open(`/circumvention/${story.code}`);
    await reader.says(story.name);
    await reader.open(`/services/${story.code}`);
    await reader.says(story.name);
  },

  // Raw units, a stable schema, known biases, and how to cite.
  async 'an academic with a script'(reader, story) {
    await reader.open(`/country/${story.code}`);
    const csv = await reader.fetchLink('main a[href*="/api/v1/series/"][href*=".csv"]');
    const [head, row] = csv.body.toString().split(/\r?\n/);
    assert.match(head, /time.*value.*state/);
    assert.ok(row, 'the series has no row');
    await reader.open('/scorecard');
    await reader.says(/false/i);
    await reader.open('/api');
    const document = await reader.fetchLink('main a[href*="openapi"]');
    assert.match(JSON.parse(document.body.toString()).openapi, /^3\.1/);
  },

  // How long, how many, what did it cost, compared with what?
  async 'an analyst who briefs a ministry'(reader, story, incident) {
    await reader.open(`/cost/${incident}`);
    await reader.says(story.name);
    const before = await reader.text();
    await reader.page.locator('main form [name="gdp"]').fill('170');
    await submit(reader, 'main form:has([name="gdp"])');
    assert.match(reader.page.url(), /gdp=170/, 'the input is not in the address');
    assert.notEqual(await reader.text(), before, 'another input changed nothing');
    await reader.open(`/compare?e=country/${story.code}&align=onset`);
    await reader.says(story.name);
  },

  // Is it only me, and when did it last come back? In 2G, in a language of the country, in a text.
  async 'a resident with ten minutes of 2G'(reader, story) {
    for (const [language, name] of Object.entries(story.names)) {
      const response = await reader.open(`/lite/country/${story.code}?lang=${language}`);
      assert.ok((await response.body()).length <= 50_000, '/lite is over 50 kB');
      await reader.says(name, story.month[language]);
      assert.equal(await reader.page.getAttribute('html', 'lang'), language);
    }
    const text = await reader.fetch(`/t/${story.code}`);
    assert.match(text.type, /^text\/plain/);
    assert.match(text.body.toString(), new RegExp(story.name));
    for (const language of ['en', ...Object.keys(story.names)]) {
      const sms = await reader.fetch(`/sms/${story.code}?lang=${language}`);
      const characters = [...sms.body.toString().trim()].length;
      assert.ok(characters > 20 && characters <= 160, `the message has ${characters} characters`);
    }
  },

  // A box of one's own: health, metrics, feeds, an embed.
  async 'a newsroom that hosts it itself'(reader, story) {
    await reader.open('/sources');
    await reader.says(/UTC/);
    const metrics = await reader.fetch('/metrics');
    assert.equal(metrics.status, 200);
    assert.match(metrics.body.toString(), /^# (HELP|TYPE) /m);
    await reader.open(`/country/${story.code}`);
    const embed = await reader.fetch(`/embed?entity=country/${story.code}&from=${story.during[0]}&until=${story.during[1]}`);
    assert.ok([200].includes(embed.status), `embed answers ${embed.status}`);
  },
};

async function assertText(reader, selector, pattern) {
  assert.match(await reader.text(selector), pattern);
}

// Sets a field of a form and sends it, by keyboard or by mouse.
async function choose(reader, name, value) {
  const field = reader.page.locator(`main form [name="${name}"]`).first();
  const tag = await field.evaluate((element) => element.tagName);
  if (tag === 'SELECT') await field.selectOption(value);
  else await field.fill(value);
  await submit(reader, `main form:has([name="${name}"])`);
}

async function submit(reader, form) {
  await reader.follow(`${form} button, ${form} input[type=submit]`);
}
