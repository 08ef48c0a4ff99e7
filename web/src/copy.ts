// Copy: buttons that need a script (a citation, a permalink, an embed) and are hidden without it.
//
// SPDX-License-Identifier: Apache-2.0
import { announce } from './element';
import { say } from './words';

export function enhanceCopies(root: HTMLElement): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    button.hidden = false;
    const label = button.textContent ?? '';
    button.addEventListener('click', async () => {
      const text = button.getAttribute('data-copy') ?? '';
      let done = true;
      try {
        // An address of ours is copied whole.
        await navigator.clipboard.writeText(text.startsWith('/') ? new URL(text, location.href).href : text);
      } catch {
        done = false; // no secure context: the text stands on the page to be selected
      }
      button.textContent = say(done ? 'copied' : 'not-copied');
      announce(button.textContent);
      setTimeout(() => { button.textContent = label; }, 2_000);
    });
  }
}
