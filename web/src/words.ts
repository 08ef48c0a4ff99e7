// Words: what the script says, from messages/<language>/script.messages, in the page's language.
//
//   say('expected', { low: '91 %', high: '100 %' })
//
// SPDX-License-Identifier: Apache-2.0
import languages from 'virtual:words';

const language = document.documentElement.lang;
const english = languages['en'] ?? {};
const mine = languages[language] ?? english;

export function say(key: string, values: Record<string, string> = {}): string {
  const text = (mine[key] ?? english[key] ?? `[${key}]`).replace(
    /\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return language === 'en-x-qps' ? `\u27e6${text}\u27e7` : text; // the pseudo-locale of the tests
}

// Numbers and times as the server writes them: a thin space between thousands, UTC, no month names,
// of which a browser may lack those of a language.
export function number(value: number, unit = 'count'): string {
  const scaled = unit === 'fraction' || unit === 'share_of_expected' ? value * 100 : value;
  const percent = scaled !== value || unit.startsWith('percent');
  const digits = percent || Math.abs(scaled) < 100 ? 1 : 0;
  const [whole = '0', rest] = scaled.toFixed(digits).split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') + (rest && rest !== '0' ? `.${rest}` : '');
  return percent ? `${text}\u202f%` : unit === 'milliseconds' ? `${text}\u202fms` : text;
}

// "2022-01-05 10:30 UTC" from Unix seconds.
export function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')}\u202fUTC`;
}
