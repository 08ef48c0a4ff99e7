// Cases: what is in the two stores, as a person would know it beforehand. The scripted Kazakhstan is
// the project's own (scenarios/kazakhstan-2022.scenario); Iran is IODA's published export.
//
// SPDX-License-Identifier: Apache-2.0
export const cases = {
  kazakhstan: {
    name: 'Kazakhstan', code: 'KZ', year: '2022', network: 'AS9198',
    since: /5 January/, local: /Almaty|UTC\+6|\+06:00/, synthetic: true,
    names: { ru: /Казахстан/, kk: /Қазақстан/ }, month: { ru: /январ/, kk: /қаңтар/i },
    during: ['2022-01-04T00:00:00Z', '2022-01-08T00:00:00Z'], knownAt: '2022-01-07T00:00:00Z',
  },
  iran: {
    name: 'Iran', code: 'IR', year: '2026', network: null,
    since: /8 January/, local: /Tehran|\+03:30|UTC\+3:30/, synthetic: false,
    names: { ru: /Иран/, kk: /Иран/ }, month: { ru: /январ/, kk: /қаңтар/i },
    during: ['2026-01-07T00:00:00Z', '2026-01-12T00:00:00Z'], knownAt: '2026-01-20T00:00:00Z',
  },
};
