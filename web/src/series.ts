// Series: numbers of /api/v1/series, read when somebody points at a figure and never before.
//
// A step is chosen so that a bin is not narrower than a pixel; its low and high are the least and
// greatest native numbers in it, so that an outage of one bin never averages away.
//
// SPDX-License-Identifier: Apache-2.0
export interface Series {
  label: string;
  unit: string;
  begin: number; // Unix seconds of the first bin
  step: number; // seconds
  values: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  state: string[]; // ok, zero, missing, suppressed, source_down
  expectedLow: (number | null)[];
  expectedHigh: (number | null)[];
}

export interface Stretch {
  from: number; // Unix seconds, half-open
  until: number;
}

const MOST_KEPT = 64;
const kept = new Map<string, Promise<Series>>();

// `address` is what a plot carries: "/api/v1/series/country/KZ?signal=…", with or without a range.
export function read(address: string, shown: Stretch, bins: number): Promise<Series> {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) return Promise.reject(new Error('not ours'));
  url.searchParams.set('from', String(shown.from));
  url.searchParams.set('until', String(shown.until));
  url.searchParams.set('step', String(Math.max(60, Math.floor((shown.until - shown.from) / bins))));
  url.searchParams.set('expected', 'true');
  const key = url.href;
  let promise = kept.get(key);
  if (!promise) {
    promise = fetch(key, { headers: { Accept: 'application/json' } }).then(async (response) => {
      if (!response.ok) throw new Error(`${response.status}`);
      return decoded(await response.json());
    });
    promise.catch(() => kept.delete(key)); // asked again next time
    kept.set(key, promise);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string);
  }
  return promise;
}

function decoded(answer: { data?: Record<string, unknown>[] }): Series {
  const first = answer.data?.[0];
  if (!first) throw new Error('no series');
  const list = <T>(name: string): T[] => (Array.isArray(first[name]) ? (first[name] as T[]) : []);
  return {
    label: String(first['label'] ?? ''),
    unit: String(first['unit'] ?? 'count'),
    begin: Number(first['begin_epoch']),
    step: Math.max(1, Number(first['step'])),
    values: list('values'),
    low: list('low'),
    high: list('high'),
    state: list('state'),
    expectedLow: list('expected_low'),
    expectedHigh: list('expected_high'),
  };
}

export function binAt(series: Series, time: number): number {
  return Math.floor((time - series.begin) / series.step);
}
