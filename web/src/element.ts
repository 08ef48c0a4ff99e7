// element: a piece of a page. Text is always text: nothing that comes from data becomes markup.
//
// SPDX-License-Identifier: Apache-2.0
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, string> = {}, text = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== '') made.textContent = text;
  return made;
}

// One polite line of the page that a screen reader speaks when it changes.
let line: HTMLElement | undefined;
export function announce(text: string): void {
  if (!line?.isConnected) {
    line = element('p', { class: 'js-said', role: 'status' });
    document.body.append(line);
  }
  line.textContent = text;
}
