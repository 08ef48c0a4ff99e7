// The world as SVG paths, one line a country: "KZ<TAB>M680 141l…z", for the map that the server draws.
//
//   node tools/world-shapes.mjs OUT.tsv
//
// Borders are those of Natural Earth (public domain), from the package world-atlas, in the Equal
// Earth projection (Šavrič, Patterson and Jenny 2019), so that no country looks larger than it is.
// A shape too small to be hit is a dot. Land without an ISO code of its own has "-": it is drawn
// and carries no numbers. Lines are simplified arc by arc, so that neighbours keep one border.
//
// The first line says the drawing's size: "# viewBox 0 0 1000 487".
//
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoEqualEarth, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';

const WIDTH = 1000; // units; one is a pixel on a laptop
const SMALLEST_TURN = 0.6; // square units: what a point must add to its line to be kept
const SMALLEST_LAND = 9; // square units: below this a country is a dot
const SMALLEST_ISLAND = 1.2; // square units: below this a part of a larger country is left away
const DOT = 2.5; // units

const require = createRequire(import.meta.url);
const world = JSON.parse(readFileSync(require.resolve('world-atlas/countries-50m.json'), 'utf8'));
const alpha2ByNumber = new Map(
  require('i18n-iso-countries/codes.json').map(([alpha2, , number]) => [number, alpha2]));

const sphere = { type: 'Sphere' };
const projection = geoEqualEarth().fitWidth(WIDTH, sphere);
const height = Math.ceil(geoPath(projection).bounds(sphere)[1][1]);

// Visvalingam and Whyatt 1993: the point whose triangle is smallest goes first.
function simplified(points) {
  const flat = points.map((point) => projection(point));
  const kept = points.map((_, i) => i);
  const area = (a, b, c) =>
    Math.abs((flat[a][0] - flat[c][0]) * (flat[b][1] - flat[a][1]) -
      (flat[a][0] - flat[b][0]) * (flat[c][1] - flat[a][1])) / 2;
  const areas = kept.map((_, i) =>
    i === 0 || i === points.length - 1 ? Infinity : area(i - 1, i, i + 1));
  while (kept.length > 3) {
    let least = 1;
    for (let i = 2; i < kept.length - 1; i++) if (areas[i] < areas[least]) least = i;
    if (areas[least] >= SMALLEST_TURN) break;
    kept.splice(least, 1);
    areas.splice(least, 1);
    for (const i of [least - 1, least]) {
      if (i > 0 && i < kept.length - 1) areas[i] = area(kept[i - 1], kept[i], kept[i + 1]);
    }
  }
  return kept.map((i) => points[i]);
}

// Arcs of a topology are quantised differences; the simplified ones are plain positions.
function decoded(arc) {
  const { scale, translate } = world.transform;
  let x = 0;
  let y = 0;
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}

const simple = { ...world, arcs: world.arcs.map((arc) => simplified(decoded(arc))) };
delete simple.transform;

// Integers and relative steps: half the bytes, and a tenth of a pixel is not seen.
function compact(path) {
  return path.replace(/M[^MZ]*Z?/g, (part) => {
    const points = part.slice(1).replace('Z', '').split('L')
      .map((pair) => pair.split(',').map((number) => Math.round(Number(number))));
    const [first, ...rest] = points;
    let [x, y] = first;
    let steps = '';
    for (const [nextX, nextY] of rest) {
      const [dx, dy] = [nextX - x, nextY - y];
      if (dx === 0 && dy === 0) continue;
      steps += `${steps === '' || dx < 0 ? '' : ' '}${dx}${dy < 0 ? '' : ' '}${dy}`;
      [x, y] = [nextX, nextY];
    }
    return steps === '' ? '' : `M${first[0]} ${first[1]}l${steps}z`;
  });
}

const draw = geoPath(projection);
const whole = feature(world, world.objects.countries).features;
const drawn = feature(simple, simple.objects.countries).features;
const shapes = new Map();
drawn.forEach((country, i) => {
  const name = country.properties.name;
  const code = name === 'Kosovo' ? 'XK' : alpha2ByNumber.get(country.id) ?? '-';
  const area = draw.area(whole[i]);
  let path;
  if (area < SMALLEST_LAND) {
    const [x, y] = draw.centroid(whole[i]).map(Math.round);
    path = `M${x - DOT} ${y}a${DOT} ${DOT} 0 1 0 ${2 * DOT} 0a${DOT} ${DOT} 0 1 0-${2 * DOT} 0z`;
  } else {
    const { type, coordinates } = country.geometry;
    const large = (type === 'Polygon' ? [coordinates] : coordinates)
      .filter((polygon) => draw.area({ type: 'Polygon', coordinates: polygon }) > SMALLEST_ISLAND);
    path = compact(draw({ type: 'MultiPolygon', coordinates: large }) ?? '');
  }
  if (path === '') throw new Error(`nothing is left of ${name}`);
  shapes.set(code, (shapes.get(code) ?? '') + path);
});

const lines = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([code, path]) => `${code}\t${path}\n`);
writeFileSync(process.argv[2], `# viewBox 0 0 ${WIDTH} ${height}\n${lines.join('')}`);
console.log(`${shapes.size - 1} countries and land without a code, ${WIDTH} x ${height}`);
