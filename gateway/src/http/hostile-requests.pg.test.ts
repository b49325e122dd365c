import { setTimeout as wait } from 'node:timers/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { hostileDocuments } from '../../test/hostile-documents.ts';
import { post } from '../../test/http-server.ts';
import { seedTenant } from '../../test/tenant.ts';

const app = useApp();
/** Bodies without a credential have a smaller limit. */
let user: { readonly authorization: string };
beforeAll(async () => {
  const { users } = await seedTenant(app.db);
  user = { authorization: `Bearer ${await app.accessTokenFor(users.OWNER)}` };
});

const withVariables = (value: string) => `{"query":"{ __typename }","variables":{"x":${value}}}`;

/**
 * Well above the time that such a request takes (see the benchmark), and well below the time that it would take without
 * limits.
 */
const maxCpuSeconds = 1;

describe('a hostile document', () => {
  it.each(hostileDocuments.map(({ name, ...rest }) => [name, rest] as const))(
    'is quickly rejected with a code: %s',
    async (_name, { query, code }) => {
      const startedAt = process.cpuUsage();
      const answer = await post(app.url, { query }, user);
      const { user: own, system } = process.cpuUsage(startedAt);
      expect(answer).toMatchObject({ status: 400, code, data: undefined });
      expect((own + system) / 1e6).toBeLessThan(maxCpuSeconds);
    },
  );

  it('is rejected with a 4xx status even for clients that accept application/json', async () => {
    const codes = hostileDocuments.filter(({ code }) => code.startsWith('QUERY_TOO_'));
    for (const { query } of codes) {
      const { status } = await post(app.url, { query }, { ...user, accept: 'application/json' });
      expect(status).toBe(400);
    }
  });
});

describe('a hostile request', () => {
  it.each([
    ['20 MB', JSON.stringify({ query: 'x'.repeat(20_000_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
    [
      'a batch of 1,000 operations',
      JSON.stringify(Array.from({ length: 1_000 }, () => ({ query: '{ __typename }' }))),
      {},
      400,
      'BATCHING_NOT_SUPPORTED',
    ],
    [
      'a form',
      'query=mutation',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a page size in a variable',
      JSON.stringify({
        query:
          'query ($n: Int) { organization(slug: "a") { members(first: $n) { nodes { id } } } }',
        variables: { n: 1_000_000_000 },
      }),
      {},
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a list of 190,000 invalid values',
      JSON.stringify({
        query: 'mutation ($i: CreateApiKeyInput!) { createApiKey(input: $i) { __typename } }',
        variables: { i: { scopes: Array.from({ length: 190_000 }, () => 1) } },
      }),
      {},
      400,
      'BAD_USER_INPUT',
    ],
    ['1 MB of brackets', withVariables('['.repeat(1_000_000)), {}, 400, 'BAD_REQUEST'],
    [
      'an object of 50,000 members',
      withVariables(
        JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 0]))),
      ),
      {},
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    [
      '400,000 values',
      withVariables(JSON.stringify(Array.from({ length: 400_000 }, () => 0))),
      {},
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('is rejected with a code: %s', async (_what, body, headers, status, code) => {
    expect(await post(app.url, body, { ...user, ...headers })).toMatchObject({ status, code });
  });

  it('does not block requests from other clients', async () => {
    const until = new AbortController();
    const attack = (async () => {
      while (!until.signal.aborted) {
        for (const { query } of hostileDocuments) await post(app.url, { query }, user);
      }
    })();
    const answers = [];
    for (let i = 0; i < 20; i += 1) {
      const answer = post(app.url, { query: '{ viewer { id } }' });
      answers.push((await Promise.race([answer, wait(5_000, null, { ref: false })]))?.status);
    }
    until.abort();
    await attack;
    expect(answers).toEqual(answers.map(() => 200));
  });
});
