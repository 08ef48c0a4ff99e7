// Closer: one series large, with its own scale, read again from the API at each zoom, so that what
// was the least and the greatest of an hour becomes its bins of five minutes.
//
// It is loaded when somebody asks for it: uPlot is the largest part of the script.
//
// SPDX-License-Identifier: Apache-2.0
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { element } from './element';
import { read, type Series, type Stretch } from './series';
import { moment, number, say } from './words';

const HEIGHT = 260; // pixels

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || 'currentColor';
}

// Columns as uPlot takes them. A bin holds its value until the next begins.
function columns(series: Series): uPlot.AlignedData {
  const times = series.values.map((_, i) => series.begin + i * series.step);
  const or = (column: (number | null)[]) => times.map((_, i) => column[i] ?? null);
  return [times, or(series.expectedLow), or(series.expectedHigh), or(series.low), or(series.high), or(series.values)];
}

function options(series: Series, width: number, zoomed: (stretch: Stretch | null) => void): uPlot.Options {
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--rule'), width: 1 }, ticks: { stroke: colour('--rule'), width: 1 } };
  const value = (_: uPlot, raw: number | null) => (raw === null ? '\u2013' : number(raw, series.unit));
  const line = (label: string, more: Partial<uPlot.Series>): uPlot.Series =>
    ({ label, value, points: { show: false }, spanGaps: false, ...more });
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: { drag: { x: true, y: false, setScale: false } },
    scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 1) * 1.05 || 1] } },
    axes: [{ ...axis, values: (_, splits) => splits.map((at) => moment(at).slice(5, 16).replace(' ', '\n')) },
      { ...axis, size: 64, values: (_, splits) => splits.map((at) => number(at, series.unit)) }],
    series: [{ value: (_, at) => (at === null ? '\u2013' : moment(at)) },
      line(`${say('expected', { low: '', high: '' }).trim()} \u2193`, { width: 0 }),
      line(`${say('expected', { low: '', high: '' }).trim()} \u2191`, { width: 0 }),
      line('min', { width: 0 }), line('max', { width: 0 }),
      line(series.label, { stroke: colour('--line'), width: 1.5, paths: uPlot.paths.stepped?.({ align: 1 }) })],
    bands: [{ series: [2, 1], fill: colour('--band') }, { series: [4, 3], fill: `${colour('--line')}55` }],
    legend: { live: true },
    hooks: {
      setSelect: [(plot) => {
        const { left, width: wide } = plot.select;
        if (wide < 6) return;
        const from = Math.round(plot.posToVal(left, 'x'));
        zoomed({ from, until: Math.max(from + series.step, Math.round(plot.posToVal(left + wide, 'x'))) });
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      }],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => zoomed(null))],
    },
  };
}

// Draws it into `place`, which it owns until it is closed.
export async function lookCloser(place: HTMLElement, address: string, whole: Stretch): Promise<void> {
  const box = element('div', { class: 'js-closer-plot' });
  const note = element('p', { class: 'note' }, say('closer-hint'));
  place.replaceChildren(box, note);
  let plot: uPlot | undefined;
  const redraw = async (stretch: Stretch | null): Promise<void> => {
    try {
      const width = Math.max(280, box.clientWidth);
      const series = await read(address, stretch ?? whole, width);
      plot?.destroy();
      plot = new uPlot(options(series, width, (next) => void redraw(next)), columns(series), box);
      plot.root.querySelector('canvas')?.setAttribute('aria-hidden', 'true');
    } catch {
      note.textContent = say('failed');
    }
  };
  await redraw(null);
  new ResizeObserver(() => plot?.setSize({ width: Math.max(280, box.clientWidth), height: HEIGHT })).observe(box);
}
