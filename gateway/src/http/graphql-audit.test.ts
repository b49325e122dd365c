import { buildSchema } from 'graphql';
import { auditServer } from 'graphql-http';
import { expect, it } from 'vitest';

import { useHttpServer } from '../../test/http-server.ts';

const server = useHttpServer({
  schema: buildSchema('type Query { hello: String } type Mutation { greet: String }'),
});

it("passes every check of graphql-http's audit", async () => {
  const results = await auditServer({ url: `${server.url}/graphql`, fetchFn: fetch });
  const notOk = results
    .filter(({ status }) => status !== 'ok')
    .map(({ id, name, status }) => `${status}: ${id} ${name}`);
  expect(notOk).toEqual([]);
  expect(results.length).toBeGreaterThan(60);
});
