// Page: moving to another stretch of time without losing one's place. The server draws the page
// again (words, phases and tables too), and what stands between <main> and </main> is replaced.
// All state is in the address: back, forward, a bookmark and a colleague get the same.
//
// SPDX-License-Identifier: Apache-2.0
import type { Stretch } from './series';
import { announce } from './element';
import { moment, say } from './words';

type Enhance = (root: HTMLElement) => void;
const enhancers: Enhance[] = [];

// `enhance` runs now and again whenever the page is drawn anew.
export function onEachPage(enhance: Enhance): void {
  enhancers.push(enhance);
  const main = document.querySelector('main');
  if (main) enhance(main);
}

export function addressOf(shown: Stretch | null): string {
  const url = new URL(location.href);
  url.hash = '';
  for (const name of ['from', 'until']) url.searchParams.delete(name);
  if (shown) {
    const text = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z';
    url.searchParams.set('from', text(shown.from));
    url.searchParams.set('until', text(shown.until));
  }
  return url.href.replace(/%3A/g, ':');
}

// What a newer question has overtaken is dropped.
let latest = 0;

export async function draw(address: string): Promise<boolean> {
  const mine = ++latest;
  const main = document.querySelector('main');
  main?.setAttribute('aria-busy', 'true');
  try {
    // A cache may keep a page for a minute; who asks for it by hand or by an event wants today's.
    const response = await fetch(address, { headers: { Accept: 'text/html' }, cache: 'no-cache' });
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const next = fresh.querySelector('main');
    if (mine !== latest) return false;
    if (!response.ok || !next || !main) throw new Error(`${response.status}`);
    main.replaceWith(document.adoptNode(next));
    document.title = fresh.title;
    for (const enhance of enhancers) enhance(next);
    return true;
  } catch {
    if (mine === latest) location.assign(address); // the plain way always works
    return false;
  } finally {
    main?.removeAttribute('aria-busy');
  }
}

// `focus` finds what had the keyboard before, on the page drawn anew.
export async function show(shown: Stretch | null, focus: string): Promise<void> {
  const address = addressOf(shown);
  history.pushState(null, '', address);
  at = location.pathname + location.search;
  if (!(await draw(address))) return;
  document.querySelector<HTMLElement>(focus)?.focus({ preventScroll: true });
  if (shown) announce(say('shown', { from: moment(shown.from), until: moment(shown.until) }));
}

// What is drawn, to tell a step back from a mere #anchor.
let at = location.pathname + location.search;

export function followHistory(): void {
  addEventListener('popstate', () => {
    const now = location.pathname + location.search;
    if (now !== at) void draw(location.href);
    at = now;
  });
}
