// Map: the server's drawing, with one stop of the Tab key. Arrow keys go to the nearest country in
// that direction, Enter follows its link, + and - change the scale, 0 shows all again. Without the
// script each country is a link like any other, and the table below says the same.
//
// SPDX-License-Identifier: Apache-2.0
import { say } from './words';

interface Place {
  link: SVGGraphicsElement; // of a country that nothing is known of: its shape, with words for it
  x: number;
  y: number;
}

const directions: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

// The nearest in a direction; what lies aside counts double, so that a row is followed.
export function nearest<T extends { x: number; y: number }>(from: T, all: readonly T[], [dx, dy]: [number, number]): T | undefined {
  let best: T | undefined;
  let least = Infinity;
  for (const other of all) {
    const [x, y] = [other.x - from.x, other.y - from.y];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (other === from || ahead <= 0 || aside > ahead * 2) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}

export function enhanceMap(root: HTMLElement): void {
  for (const svg of root.querySelectorAll<SVGSVGElement>('svg.world')) {
    const named = [...svg.querySelectorAll<SVGGraphicsElement>('a, path')].filter(
      (each) => each.tagName === 'a' || (!each.closest('a') && each.querySelector('title')));
    const places: Place[] = named.map((link) => {
      if (link.tagName !== 'a') {
        link.setAttribute('role', 'img');
        link.setAttribute('aria-label', link.querySelector('title')?.textContent ?? '');
      }
      // Of a country of several pieces the largest: an island far away is not its middle.
      const box = link.getBBox();
      return { link, x: box.x + box.width / 2, y: box.y + box.height / 2 };
    });
    if (places.length === 0) continue;
    const whole = svg.viewBox.baseVal;
    const [width, height] = [whole.width, whole.height];
    let scale = 1;
    let current = places.find((place) => place.link.tagName === 'a') ?? (places[0] as Place);
    const look = (): void => {
      const [w, h] = [width / scale, height / scale];
      const x = Math.min(width - w, Math.max(0, current.x - w / 2));
      const y = Math.min(height - h, Math.max(0, current.y - h / 2));
      svg.setAttribute('viewBox', `${x} ${y} ${w} ${h}`);
    };
    const goTo = (place: Place): void => {
      current.link.setAttribute('tabindex', '-1');
      current = place;
      current.link.setAttribute('tabindex', '0');
      if (scale > 1) look();
      current.link.focus({ preventScroll: true });
    };
    for (const place of places) {
      place.link.setAttribute('tabindex', place === current ? '0' : '-1');
      place.link.addEventListener('focus', () => { current = place; });
    }
    svg.setAttribute('aria-label', `${svg.getAttribute('aria-label') ?? ''}. ${say('map')}`.replace(/^\. /, ''));
    svg.addEventListener('keydown', (event) => {
      const direction = directions[event.key];
      if (direction) {
        const next = nearest(current, places, direction);
        if (next) goTo(next);
      } else if (event.key === '+' || event.key === '=' || event.key === '-' || event.key === '0') {
        scale = event.key === '0' ? 1 : Math.min(16, Math.max(1, event.key === '-' ? scale / 1.6 : scale * 1.6));
        look();
      } else {
        return;
      }
      event.preventDefault();
    });
  }
}
