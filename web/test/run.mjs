// The browser tests: node web/test/run.mjs LIGHTSOUT OUT GROUP
//
// OUT holds kazakhstan.duckdb and, where the export was at hand, iran.duckdb (tools/test-web fills
// them), and gets the screenshots. Groups:
//   tasks     each task of each case, with the script and without
//   keyboard  each task by keyboard alone; a figure, a zoom and the map
//   axe       axe-core on every page
//   budgets   bytes, other hosts, and a line of 64 kbit/s
//   screens   every page at 360, 768 and 1440 pixels
// LIGHTSOUT_WEB_ALL=1: every combination of page, language, theme and case. It takes minutes.
//
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cases } from './cases.mjs';
import { launch } from './reader.mjs';
import { serve } from './service.mjs';
import { verdict } from './tell.mjs';

const [lightsout, out, group] = process.argv.slice(2);
const all = process.env.LIGHTSOUT_WEB_ALL === '1';
const { run } = await import(`./group_${group}.mjs`);

const browser = await launch();
const services = [];
try {
  const stories = [];
  for (const [key, story] of Object.entries(cases)) {
    const store = join(out, `${key}.duckdb`);
    if (!existsSync(store)) {
      console.log(`skipped: ${key} needs ${key === 'iran' ? "IODA's export (set LIGHTSOUT_DATA)" : store}`);
      continue;
    }
    const service = await serve(lightsout, store);
    services.push(service);
    stories.push({ key, story, service, incident: await gravest(service, story) });
  }
  await run({ browser, stories, out, all });
} finally {
  await browser.close();
  for (const service of services) await service.stop();
}
process.exitCode = verdict();

// The incident that the case is about: nationwide, of the country itself.
async function gravest(service, story) {
  const answer = await fetch(`${service.address}/api/v1/incidents?entity=country/${story.code}&from=${story.during[0]}&until=${story.during[1]}`);
  const body = await answer.json();
  const found = (body.data ?? []).find((each) => /^country[:/]/.test(each.entity) && each.grade === 'nationwide');
  if (!found) throw new Error(`no incident of ${story.name} in the store: ${JSON.stringify(body).slice(0, 300)}`);
  return found.id;
}
