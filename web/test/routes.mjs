// Routes: every page there is, for a case. `incident` is the id that the store gave it.
//
// SPDX-License-Identifier: Apache-2.0
export function routes(story, incident) {
  const { code, network } = story;
  return {
    now: '/',
    map: '/map',
    country: `/country/${code}`,
    region: story.region ?? null,
    network: network && `/network/${network}`,
    'network-in-country': network && `/network/${network}/in/${code}`,
    services: `/services/${code}`,
    circumvention: `/circumvention/${code}`,
    incident: `/incident/${incident}`,
    'incident-version': `/incident/${incident}/v1`,
    'incident-print': `/incident/${incident}/print`,
    incidents: '/incidents',
    compare: `/compare?e=country/${code}`,
    replay: `/replay/${incident}`,
    cost: `/cost/${incident}`,
    sources: '/sources',
    methods: '/methods',
    glossary: '/glossary',
    scorecard: '/scorecard',
    api: '/api',
    lite: `/lite/country/${code}`,
  };
}

// Pages of each route that are there: [name, path].
export function present(story, incident) {
  return Object.entries(routes(story, incident)).filter(([, path]) => path);
}

export function withQuery(path, query) {
  const url = new URL(path, 'http://x');
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  return url.pathname + url.search;
}
