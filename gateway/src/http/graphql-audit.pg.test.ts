import { auditServer } from 'graphql-http';
import { expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';

const app = useApp();

it("passes every check of graphql-http's audit", async () => {
  const results = await auditServer({ url: `${app.url}/graphql`, fetchFn: fetch });
  const notOk = results
    .filter(({ status }) => status !== 'ok')
    .map(({ id, name, status }) => `${status}: ${id} ${name}`);
  expect(notOk).toEqual([]);
  expect(results.length).toBeGreaterThan(60);
});
