import { auditServer } from 'graphql-http';
import { expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { useTracker } from '../../test/project-api.ts';

const app = useApp();
const tracker = useTracker(app);

const keyFetch: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${tracker().key}`);
  return fetch(input, { ...init, headers });
};

it.each([
  ['the management API', () => `${app.url}/graphql`, fetch],
  ["a project's own API", () => tracker().endpoint, keyFetch],
])('passes every check of the graphql-http audit: %s', async (_what, url, fetchFn) => {
  const results = await auditServer({ url: url(), fetchFn });
  const notOk = results
    .filter(({ status }) => status !== 'ok')
    .map(({ id, name, status }) => `${status}: ${id} ${name}`);
  expect(notOk).toEqual([]);
  expect(results.length).toBeGreaterThan(60);
});
