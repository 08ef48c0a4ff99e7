// Live: what /stream tells, on pages that ask for it. A page is drawn anew at most every few seconds,
// and never while somebody reads a figure, writes in a form or is elsewhere.
//
// SPDX-License-Identifier: Apache-2.0
import { announce } from './element';
import { draw } from './page';
import { say } from './words';

const KINDS = ['incident.opened', 'incident.updated', 'incident.restored', 'source.down', 'source.up'];
const LEAST_PAUSE = 5_000; // milliseconds between two drawings

export function listen(): void {
  const place = document.querySelector('[data-stream]');
  const address = place?.getAttribute('data-stream');
  if (!address || !('EventSource' in window)) return;
  const source = new EventSource(address); // it comes back by itself, with the id of its last event
  let due = false;
  let last = 0;
  let lost = false;
  const redraw = async (): Promise<void> => {
    const busy = document.hidden || document.activeElement?.closest('main form, .js-slider, .js-closer') != null;
    if (!due || busy || Date.now() - last < LEAST_PAUSE) return;
    due = false;
    last = Date.now();
    const focused = document.activeElement?.getAttribute('href');
    if (await draw(location.href)) {
      if (focused) document.querySelector<HTMLElement>(`main a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
      announce(say('updated', { time: new Date().toISOString().slice(11, 16) }));
    }
  };
  for (const kind of KINDS) source.addEventListener(kind, () => { due = true; void redraw(); });
  source.addEventListener('error', () => { if (!lost) announce(say('lost')); lost = true; });
  source.addEventListener('open', () => { if (lost) { due = true; announce(''); } lost = false; });
  document.addEventListener('visibilitychange', () => void redraw());
  setInterval(() => void redraw(), LEAST_PAUSE);
  addEventListener('pagehide', () => source.close());
}
