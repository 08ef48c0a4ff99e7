// Theme: the link of the footer, at once and without a new page. The choice is kept in the address
// and in the links of the page, nowhere else.
//
// SPDX-License-Identifier: Apache-2.0
export function switchTheme(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href*="theme="]');
    if (!link || !link.closest('footer') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const theme = new URL(link.href).searchParams.get('theme');
    if (theme !== 'dark' && theme !== 'light') return;
    event.preventDefault();
    document.documentElement.dataset['theme'] = theme;
    const other = theme === 'dark' ? 'light' : 'dark';
    for (const each of document.querySelectorAll<HTMLAnchorElement>('a[href]')) {
      if (each.origin !== location.origin || each.getAttribute('href')?.startsWith('#')) continue;
      const url = new URL(each.href);
      url.searchParams.set('theme', each === link ? other : theme);
      each.href = url.href;
    }
    const here = new URL(location.href);
    here.searchParams.set('theme', theme);
    history.replaceState(null, '', here.href);
  });
}
