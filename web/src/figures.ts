// Figures: reading a time in every plot of a page at once, and choosing a stretch to look at.
//
// The server's drawing stays as it is. Above it lies a line at the time read, linked between all
// figures of the page, and one box with the numbers. A figure has one stop of the Tab key, a slider
// whose value is spoken: arrow keys, Page Up and Down, Home and End move; Shift chooses; Enter
// shows what was chosen; Escape drops it. With a mouse or a pen: point, and drag. A finger scrolls.
//
// SPDX-License-Identifier: Apache-2.0
import { element } from './element';
import { show } from './page';
import { binAt, read, type Series, type Stretch } from './series';
import { moment, number, say } from './words';

const BINS = 720; // of a plot: one per unit of its drawing
const LEAST_DRAG = 6; // pixels; less is a click
const MOST_READ = 12; // series of one figure that are read at once

interface Plot {
  svg: SVGElement;
  box: HTMLElement; // what the line is laid over
  label: string;
  series?: Series;
}

interface Reading {
  figure: HTMLElement;
  slider: HTMLElement;
  card: HTMLElement;
  plots: Plot[];
  boxes: HTMLElement[]; // of lanes and strips as well
  shown: Stretch;
  step: number;
  asked: boolean;
}

let readings: Reading[] = [];
let chosen: Stretch | null = null;
let anchor: number | null = null;

function secondsOf(text: string | null): number {
  return text === null ? NaN : /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000;
}

function fractionAt(box: HTMLElement, clientX: number): number {
  const bounds = box.getBoundingClientRect();
  return Math.min(1, Math.max(0, (clientX - bounds.left) / Math.max(1, bounds.width)));
}

// What a plot says at a time: "87 %, expected 91 % to 100 %".
export function words(series: Series, time: number): string {
  const bin = binAt(series, time);
  const value = series.values[bin];
  const state = series.state[bin] ?? 'missing';
  if (value === null || value === undefined) return say(state === 'ok' ? 'missing' : state);
  let text = number(value, series.unit);
  const low = series.low[bin];
  if (typeof low === 'number' && series.unit !== 'fraction' && low < value * 0.95) {
    text += ` (${say('lowest', { low: number(low, series.unit) })})`;
  }
  const [from, to] = [series.expectedLow[bin], series.expectedHigh[bin]];
  if (typeof from === 'number' && typeof to === 'number') {
    text += `, ${say('expected', { low: number(Math.max(0, from), series.unit), high: number(to, series.unit) })}`;
  }
  return text;
}

function fetchNumbers(reading: Reading): void {
  if (reading.asked) return;
  reading.asked = true;
  for (const plot of reading.plots.slice(0, MOST_READ)) {
    read(plot.svg.getAttribute('data-series') ?? '', reading.shown, BINS).then((series) => {
      plot.series = series;
      reading.step = Math.min(reading.step, series.step);
      if (!reading.card.hidden) put(reading, timeOf(reading));
    }).catch(() => {
      reading.card.dataset['failed'] = say('failed');
    });
  }
}

function timeOf(reading: Reading): number {
  return Number(reading.slider.getAttribute('aria-valuenow'));
}

function fill(reading: Reading, time: number): string {
  const rows = reading.plots.filter((plot) => plot.series).map((plot) => {
    const row = element('div');
    row.append(element('dt', {}, plot.label), element('dd', {}, words(plot.series as Series, time)));
    return row;
  });
  const list = element('dl');
  list.append(...rows);
  const note = rows.length > 0 ? '' : reading.card.dataset['failed'] ?? say('loading');
  const chosenNote = chosen && element('p', {}, say('chosen', { from: moment(chosen.from), until: moment(chosen.until) }));
  reading.card.replaceChildren(element('b', {}, moment(time)), list, ...(note ? [element('p', {}, note)] : []), ...(chosenNote ? [chosenNote] : []));
  return [moment(time), ...reading.plots.filter((plot) => plot.series)
    .map((plot) => `${plot.label}: ${words(plot.series as Series, time)}`), note, chosenNote?.textContent ?? '']
    .filter((part) => part !== '').join('. ');
}

// Lines in every figure, numbers in the one that is read.
function put(reading: Reading, time: number): void {
  const { from, until } = reading.shown;
  const at = Math.min(until - 1, Math.max(from, time));
  const share = (at - from) / (until - from);
  reading.slider.setAttribute('aria-valuenow', String(Math.round(at)));
  reading.card.hidden = false;
  reading.slider.setAttribute('aria-valuetext', fill(reading, at));
  reading.card.classList.toggle('js-left', share > 0.5);
  for (const other of readings) {
    const length = other.shown.until - other.shown.from;
    const x = (at - other.shown.from) / length;
    for (const box of other.boxes) {
      box.style.setProperty('--at', `${x * 100}%`);
      box.classList.toggle('js-read', x >= 0 && x <= 1);
      box.classList.toggle('js-chosen', chosen !== null);
      if (chosen) {
        box.style.setProperty('--a', `${((chosen.from - other.shown.from) / length) * 100}%`);
        box.style.setProperty('--w', `${((chosen.until - chosen.from) / length) * 100}%`);
      }
    }
  }
}

function clear(keepChoice = false): void {
  if (!keepChoice) chosen = anchor = null;
  for (const reading of readings) {
    reading.card.hidden = true;
    for (const box of reading.boxes) box.classList.remove('js-read', ...(keepChoice ? [] : ['js-chosen']));
  }
}

function choose(reading: Reading, to: number): void {
  const from = anchor ?? to;
  const whole = (time: number) => Math.round(time / reading.step) * reading.step;
  const { shown } = reading;
  const a = Math.max(shown.from, whole(Math.min(from, to)));
  const b = Math.min(shown.until, whole(Math.max(from, to)));
  chosen = b > a ? { from: a, until: b } : null;
}

function showChosen(reading: Reading): void {
  if (!chosen) return;
  const stretch = chosen;
  clear();
  void show(stretch, reading.figure.id ? `#${CSS.escape(reading.figure.id)} .js-slider` : '.js-slider');
}

function onKey(reading: Reading, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { from, until } = reading.shown;
  const now = timeOf(reading);
  const moves: Record<string, number> = {
    ArrowLeft: now - reading.step, ArrowRight: now + reading.step,
    ArrowDown: now - reading.step, ArrowUp: now + reading.step,
    PageDown: now - (until - from) / 10, PageUp: now + (until - from) / 10,
    Home: from, End: until - reading.step,
  };
  const next = moves[event.key];
  if (next !== undefined) {
    if (event.shiftKey) {
      anchor ??= now;
      choose(reading, Math.min(until, Math.max(from, next)));
    } else {
      anchor = chosen = null;
    }
    put(reading, next);
  } else if (event.key === 'Enter' && chosen) {
    showChosen(reading);
  } else if (event.key === 'Escape') {
    clear();
  } else {
    return;
  }
  event.preventDefault();
}

function onPointer(reading: Reading, box: HTMLElement): void {
  const time = (event: PointerEvent) =>
    reading.shown.from + fractionAt(box, event.clientX) * (reading.shown.until - reading.shown.from);
  let downAt: number | null = null;
  box.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return;
    fetchNumbers(reading);
    if (downAt !== null && Math.abs(event.clientX - downAt) >= LEAST_DRAG) choose(reading, time(event));
    put(reading, time(event));
  });
  box.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (event.pointerType === 'touch') { // a tap reads; a swipe scrolls
      fetchNumbers(reading);
      put(reading, time(event));
      return;
    }
    downAt = event.clientX;
    anchor = time(event);
    box.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  box.addEventListener('pointerup', (event) => {
    const dragged = downAt !== null && Math.abs(event.clientX - downAt) >= LEAST_DRAG;
    downAt = null;
    if (dragged) showChosen(reading);
    else if (event.pointerType !== 'touch') reading.slider.focus({ preventScroll: true });
  });
  box.addEventListener('pointercancel', () => { downAt = null; clear(); });
  box.addEventListener('pointerleave', () => {
    if (downAt === null && document.activeElement !== reading.slider) clear();
  });
}

function enhance(figure: HTMLElement): void {
  const drawn = [...figure.querySelectorAll<SVGElement>('svg[data-series][data-from][data-until]')];
  const first = drawn[0];
  if (!first) return;
  const shown = { from: secondsOf(first.getAttribute('data-from')), until: secondsOf(first.getAttribute('data-until')) };
  if (!(shown.until > shown.from)) return;
  const plots = drawn.map((svg) => ({
    svg,
    box: svg.closest<HTMLElement>('.plot') ?? (svg.parentElement as HTMLElement),
    label: svg.closest('.row')?.querySelector('.lab b')?.textContent?.trim() ?? '',
  }));
  const slider = element('div', {
    class: 'js-slider', role: 'slider', tabindex: '0', 'aria-label': say('reader'),
    'aria-valuemin': String(shown.from), 'aria-valuemax': String(shown.until - 1),
    'aria-valuenow': String(Math.round((shown.from + shown.until) / 2)), 'aria-valuetext': say('reader-hint'),
  });
  slider.append(element('span', {}, say('reader-hint')));
  const card = element('div', { class: 'js-card', 'aria-hidden': 'true' });
  card.hidden = true;
  const reading: Reading = {
    figure, slider, card, plots, shown, asked: false,
    boxes: [...figure.querySelectorAll<HTMLElement>('.row .plot')].filter((box) => !box.closest('.axis')),
    step: (shown.until - shown.from) / BINS,
  };
  (plots[0] as Plot).box.closest('.row')?.before(slider);
  figure.classList.add('js-figure');
  slider.append(card);
  slider.addEventListener('focus', () => { fetchNumbers(reading); put(reading, timeOf(reading)); });
  slider.addEventListener('blur', () => clear());
  slider.addEventListener('keydown', (event) => onKey(reading, event));
  for (const box of reading.boxes) onPointer(reading, box);
  readings.push(reading);
}

export function enhanceFigures(root: HTMLElement): void {
  readings = [];
  chosen = anchor = null;
  for (const figure of root.querySelectorAll<HTMLElement>('figure')) enhance(figure);
  const ranged = new URLSearchParams(location.search);
  const first = readings[0];
  if (first && (ranged.has('from') || ranged.has('until'))) {
    const back = element('button', { type: 'button', class: 'js-quiet' }, say('whole'));
    back.addEventListener('click', () => void show(null, '.js-slider'));
    first.figure.before(back);
  }
}
