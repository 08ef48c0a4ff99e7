// The button beside each plot that brings closer.ts, and with it uPlot, only when it is pressed.
//
// SPDX-License-Identifier: Apache-2.0
import { announce, element } from './element';
import { say } from './words';

export function enhanceRows(root: HTMLElement): void {
  for (const svg of root.querySelectorAll<SVGElement>('.row.pl svg[data-series]')) {
    const row = svg.closest<HTMLElement>('.row') as HTMLElement;
    const label = row.querySelector('.lab');
    if (!label) continue;
    const name = label.querySelector('b')?.textContent?.trim() ?? '';
    const button = element('button', { type: 'button', class: 'js-quiet', 'aria-expanded': 'false', 'aria-label': `${say('closer')}: ${name}` }, say('closer'));
    const place = element('div', { class: 'js-closer' });
    button.addEventListener('click', async () => {
      const open = button.getAttribute('aria-expanded') === 'true';
      button.setAttribute('aria-expanded', String(!open));
      button.textContent = say(open ? 'closer' : 'close');
      button.setAttribute('aria-label', `${say(open ? 'closer' : 'close')}: ${name}`);
      if (open) {
        place.remove();
        return;
      }
      row.after(place);
      announce(say('loading'));
      const seconds = (attribute: string) => Date.parse(svg.getAttribute(attribute) ?? '') / 1000;
      const { lookCloser } = await import('./closer');
      await lookCloser(place, svg.getAttribute('data-series') ?? '', { from: seconds('data-from'), until: seconds('data-until') });
      announce('');
    });
    label.append(button);
  }
}
