import { describe, expect, it } from 'vitest';

import { post, schemaOf, useHttpServer } from '../../test/http-server.ts';
import type { ApiKeyViewer, UserViewer } from '../control-plane/access/viewer.ts';
import { createRequestQuota } from '../platform/rate-limit/request-quota.ts';

const user: UserViewer = { kind: 'user', userId: 'u1', sessionId: 's1', email: 'a@example.com' };
const key: ApiKeyViewer = {
  kind: 'apiKey',
  keyId: 'k1',
  keyKind: 'SECRET',
  prefix: 'tsk_good',
  scopes: ['data.read'],
  rateLimitPerMinute: 3,
  projectId: 'p1',
  projectRef: 'abcdefghijklmnop',
  organizationId: 'o1',
};

const clock = () => new Date('2026-01-01T00:00:00Z');

const server = useHttpServer({
  schema: schemaOf('type Query { viewer: String }', {
    viewer: (_root, _args, context) => JSON.stringify(Reflect.get(context as object, 'viewer')),
  }),
  viewers: {
    verifyAccessToken: (token) => Promise.resolve(token === 'good.access.token' ? user : null),
    verifyKey: (text) => {
      if (text === 'tsk_down') return Promise.reject(new Error('the database is down'));
      const known = { tsk_good: key, tsk_free: { ...key, keyId: 'k2', rateLimitPerMinute: null } };
      return Promise.resolve(Object.hasOwn(known, text) ? known[text as keyof typeof known] : null);
    },
  },
  requestLimits: {
    quota: createRequestQuota({ redis: null, clock }),
    publicQuota: createRequestQuota({ redis: null, clock }),
    keyPerMinute: 1_000,
    memberPerMinute: 2_000,
    anonymous: { quota: createRequestQuota({ redis: null, clock }), perMinute: 50 },
  },
});

const whoWith = async (headers: Record<string, string>) => {
  const {
    data,
    status,
    code,
    headers: answered,
  } = await post(server.url, { query: '{ viewer }' }, headers);
  const viewer: unknown = JSON.parse((data as { viewer: string } | undefined)?.viewer ?? 'null');
  return { viewer, status, code, challenge: answered.get('www-authenticate') };
};

describe('a client that repeats refused requests', () => {
  it('gets its responses later, and writes one warning instead of a line for each request', async () => {
    const before = server.logged().length;
    const credential = { authorization: 'Bearer wrong' };
    const startedAt = performance.now();
    const times = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const answer = await post(server.url, { query: '{ viewer }' }, credential);
        expect(answer.status).toBe(401);
        return performance.now() - startedAt;
      }),
    );
    expect(times.filter((time) => time >= 1_990).length).toBeGreaterThan(0);
    const lines = server.logged().slice(before);
    expect(lines.filter(({ msg }) => String(msg).includes('ignores refusals'))).toHaveLength(1);
    const logged = lines.filter(({ msg, level }) => msg === 'request' && level === 'info').length;
    expect(logged).toBeLessThan(300);
    expect(logged).toBeGreaterThanOrEqual(100);
  });
});

describe('authentication', () => {
  it('treats a request without a credential as anonymous', async () => {
    expect(await whoWith({})).toMatchObject({ viewer: { kind: 'anonymous' }, status: 200 });
  });

  it.each([
    ['an access token', { authorization: 'Bearer good.access.token' }, user],
    ['the scheme in lower case', { authorization: 'bearer good.access.token' }, user],
    ['an API key', { authorization: 'Bearer tsk_free' }, { kind: 'apiKey', keyId: 'k2' }],
    ['an API key in its own header', { 'x-api-key': 'tsk_free' }, { kind: 'apiKey', keyId: 'k2' }],
    [
      'the same key in both headers',
      { 'x-api-key': 'tsk_free', authorization: 'Bearer tsk_free' },
      { keyId: 'k2' },
    ],
  ])('accepts %s', async (_what, headers, expected) => {
    expect(await whoWith(headers)).toMatchObject({ viewer: expected, status: 200 });
  });

  it.each([
    ['an unknown token', { authorization: 'Bearer bad.access.token' }],
    ['an unknown key', { authorization: 'Bearer tsk_unknown' }],
    ['a token in the API key header', { 'x-api-key': 'good.access.token' }],
    ['an empty key', { 'x-api-key': '' }],
    ['another authentication scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['no token', { authorization: 'Bearer' }],
    ['two tokens', { authorization: 'Bearer good.access.token good.access.token' }],
    ['an overlong token', { authorization: `Bearer ${'x'.repeat(5_000)}` }],
  ])('rejects %s and does not treat the caller as anonymous', async (_what, headers) => {
    expect(await whoWith(headers)).toEqual({
      viewer: null,
      status: 401,
      code: 'UNAUTHENTICATED',
      challenge: 'Bearer realm="tessera", error="invalid_token"',
    });
  });

  it('rejects two different credentials', async () => {
    const headers = { 'x-api-key': 'tsk_free', authorization: 'Bearer good.access.token' };
    expect(await whoWith(headers)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('rejects the request if the credential cannot be verified', async () => {
    expect(await whoWith({ 'x-api-key': 'tsk_down' })).toMatchObject({
      viewer: null,
      status: 500,
      code: 'INTERNAL_SERVER_ERROR',
    });
  });

  it('never writes the credential to the log', () => {
    const log = JSON.stringify(server.logged());
    expect(log).toContain('"principal":"apiKey"');
    expect(log).toContain('"principal":"user"');
    expect(log).not.toMatch(/good\.access|tsk_free|tsk_unknown|dXNlcj/);
  });
});

describe("an API key's rate limit", () => {
  it('allows the configured number of requests per minute and reports the remaining quota', async () => {
    const headers = { authorization: 'Bearer tsk_good' };
    const answers = [];
    for (let i = 0; i < 4; i += 1) {
      answers.push(await post(server.url, { query: '{ viewer }' }, headers));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map((answer) => answer.headers.get('ratelimit-remaining'))).toEqual([
      '2',
      '1',
      '0',
      '0',
    ]);
    const refused = answers.at(-1);
    expect(refused?.code).toBe('RATE_LIMITED');
    expect(refused?.headers.get('ratelimit-limit')).toBe('3');
    expect(refused?.headers.get('retry-after')).toBe('65');
  });

  it('is the default limit if the key has no limit of its own', async () => {
    const answer = await post(server.url, { query: '{ viewer }' }, { 'x-api-key': 'tsk_free' });
    expect(answer.headers.get('ratelimit-limit')).toBe('1000');
  });

  it('does not apply to users, who have their own', async () => {
    const headers = { authorization: 'Bearer good.access.token' };
    const answer = await post(server.url, { query: '{ viewer }' }, headers);
    expect(answer.headers.get('ratelimit-limit')).toBe('2000');
  });

  it('does not apply to anonymous viewers, who share the limit of their network', async () => {
    const ask = () => post(server.url, { query: '{ viewer }' });
    const first = await ask();
    expect(first.headers.get('ratelimit-limit')).toBe('50');
    const others = await Promise.all(Array.from({ length: 60 }, ask));
    expect(others.filter(({ code }) => code === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(11);
    const known = await post(server.url, { query: '{ viewer }' }, { 'x-api-key': 'tsk_free' });
    expect(known.status).toBe(200);
  });
});
