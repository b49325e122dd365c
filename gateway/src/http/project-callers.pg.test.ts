import { buildSchema, getIntrospectionQuery } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { untilWaiting, whileHolding } from '../../test/locks.ts';
import {
  makeProject,
  narrowKey,
  readTracker,
  useTracker,
  type TestProject,
} from '../../test/project-api.ts';
import { seedTenant } from '../../test/tenant.ts';
import { roles, type Role } from '../control-plane/access/actions.ts';

const app = useApp();
const tracker = useTracker(app);

const boards = '{ boards { totalCount } }';
/** A document that costs about half a unit for each count. */
const counts = (count: number) =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: boards(first: 1) { totalCount }`).join(' ')} }`;
let made = 0;
const createBoard = (): string => {
  made += 1;
  const key = made.toString().replaceAll(/\d/g, (digit) => 'ABCDEFGHIJ'.charAt(Number(digit)));
  return `mutation { createBoard(data: { key: "K${key}", name: "Made" }) { id } }`;
};

const tokenOf = (role: Role): Promise<string> => app.accessTokenFor(tracker().tenant.users[role]);

/** Sends a POST request to the project's API. */
const call = (query: string, credential: string, signal = AbortSignal.timeout(20_000)) =>
  fetch(tracker().endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
    body: JSON.stringify({ query }),
    signal,
  });

const codeOf = async (query: string, credential: string): Promise<unknown> => {
  const { errors } = await tracker().ask(query, {}, credential);
  return errors?.[0]?.extensions?.['code'];
};

/** Creates an API key. By default it can read and write all data. */
async function keyWith(input: Readonly<Record<string, unknown>>) {
  const { body } = await app.graphql(
    `mutation ($input: CreateApiKeyInput!) {
      result: createApiKey(input: $input) { ... on CreateApiKeySuccess { secret apiKey { id } } }
    }`,
    {
      input: {
        projectRef: tracker().ref,
        name: 'Key',
        kind: 'SECRET',
        scopes: ['data.read', 'data.write'],
        ...input,
      },
    },
    await tokenOf('OWNER'),
  );
  // The document selects only these fields, and the input is valid.
  return (body.data as { result: { secret: string; apiKey: { id: string } } }).result;
}

describe('a member', () => {
  it.each(roles)('has the access that their role grants: %s', async (role) => {
    const token = await tokenOf(role);
    expect(await codeOf(boards, token)).toBeUndefined();
    expect(await codeOf('{ __schema { queryType { name } } }', token)).toBeUndefined();
    const refused = role === 'VIEWER';
    expect((await codeOf(createBoard(), token)) !== undefined).toBe(refused);
  });

  it('loses access when the membership is deleted', async () => {
    const { tenant } = tracker();
    const token = await tokenOf('ADMIN');
    expect((await call(boards, token)).status).toBe(200);
    await app.db.membership.delete({ where: { id: tenant.users.ADMIN.membershipId } });
    expect((await call(boards, token)).status).toBe(404);
  });

  it('of another organization gets NOT_FOUND', async () => {
    const stranger = await seedTenant(app.db);
    const response = await call(boards, await app.accessTokenFor(stranger.users.OWNER));
    expect(response.status).toBe(404);
  });
});

describe('an API key', () => {
  it('stops working within a second of being revoked, even if it was cached', async () => {
    const { secret, apiKey } = await keyWith({});
    expect((await call(boards, secret)).status).toBe(200);
    await app.db.apiKey.update({ where: { id: apiKey.id }, data: { revokedAt: new Date() } });
    await expect
      .poll(async () => (await call(boards, secret)).status, { timeout: 1_000 })
      .toBe(401);
  });

  it('gets new scopes within a second of the change', async () => {
    const { secret, apiKey } = await keyWith({ scopes: ['data.read'] });
    expect(await codeOf(createBoard(), secret)).toBeDefined();
    const scopes = ['data.write'];
    await app.db.apiKey.update({ where: { id: apiKey.id }, data: { scopes } });
    await expect.poll(() => codeOf(createBoard(), secret), { timeout: 1_000 }).toBeUndefined();
    expect(await codeOf(boards, secret)).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('has a rate limit, which is reported in response headers', async () => {
    const { secret } = await keyWith({ rateLimitPerMinute: 3 });
    const answers: Response[] = [];
    for (let i = 0; i < 4; i += 1) answers.push(await call(boards, secret));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    const told = (name: string) => answers.map(({ headers }) => headers.get(name));
    expect(told('ratelimit-limit')).toEqual(['3', '3', '3', '3']);
    expect(told('ratelimit-remaining')).toEqual(['2', '1', '0', '0']);
    for (const reset of told('ratelimit-reset')) {
      expect(Number(reset)).toBeGreaterThan(0);
      expect(Number(reset)).toBeLessThanOrEqual(65);
    }
    expect(told('retry-after').map((value) => value !== null)).toEqual([false, false, false, true]);
    expect(await answers.at(-1)?.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    // Requests to the management API count against the same limit.
    expect((await app.graphql('{ currentApiKey { id } }', {}, secret)).status).toBe(429);
  });

  it('uses more of its limit for a request that costs more', async () => {
    const { secret } = await keyWith({ rateLimitPerMinute: 100 });
    const remaining = async (query: string) => {
      const { status, headers } = await call(query, secret);
      return [status, headers.get('ratelimit-remaining')];
    };
    expect(await remaining(boards)).toEqual([200, '99']);
    expect(await remaining(counts(40))).toEqual([200, '78']);
    expect(await remaining(counts(150))).toEqual([200, '2']);
    // The first unit is counted before the cost is known.
    expect(await remaining(counts(20))).toEqual([429, '1']);
    expect(await remaining(boards)).toEqual([200, '0']);
  });

  it('cannot run an operation that costs more than its limit, and gets an error that explains it', async () => {
    const { secret } = await keyWith({ rateLimitPerMinute: 100 });
    const response = await call(counts(300), secret);
    expect(response.status).toBe(400);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await response.json()).toEqual({
      errors: [
        {
          message: expect.stringMatching(
            /costs 15\d units, but .* limit is 100 per minute/,
          ) as string,
          extensions: { code: 'QUERY_TOO_COMPLEX' },
        },
      ],
    });
    expect((await call(boards, secret)).headers.get('ratelimit-remaining')).toBe('98');
  });

  it('pays for a costly operation of the management API too', async () => {
    const { secret } = await keyWith({ rateLimitPerMinute: 100 });
    const introspection = await app.graphql(getIntrospectionQuery(), {}, secret);
    const [, remaining] = /ratelimit-remaining: (\d+)/.exec(introspection.headers) ?? [];
    expect(Number(remaining)).toBeLessThan(95);
  });
});

describe('the limit of a member', () => {
  const stateOf = async (response: Response | Promise<Response>) => {
    const { headers } = await response;
    return ['limit', 'remaining'].map((name) => Number(headers.get(`ratelimit-${name}`)));
  };

  it('applies to each project and to the management API separately', async () => {
    const token = await tokenOf('OWNER');
    const created = await app.graphql(
      `mutation ($input: CreateProjectInput!) {
        result: createProject(input: $input) { ... on CreateProjectSuccess { project { ref } } }
      }`,
      { input: { organizationId: tracker().tenant.organizationId, name: 'Other' } },
      token,
    );
    // The document selects only this field, and the input is valid.
    const { ref } = (created.body.data as { result: { project: { ref: string } } }).result.project;
    const here = await stateOf(call(boards, token));
    expect(here[0]).toBe(60_000);
    const [, left = NaN] = await stateOf(call(counts(40), token));
    expect(left).toBe((here[1] ?? NaN) - 21);
    const elsewhere = fetch(`${app.url}/p/${ref}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(await stateOf(elsewhere)).toEqual([60_000, 59_999]);
    const managed = await app.graphql('{ viewer { id } }', {}, token);
    expect(managed.headers).toMatch(/^ratelimit-limit: 60000$/m);
  });
});

describe('the printed schema', () => {
  const print = (credential: string | null, ref = tracker().ref, query = '') =>
    fetch(`${app.url}/p/${ref}/schema.graphql${query}`, {
      headers: credential === null ? {} : { authorization: `Bearer ${credential}` },
    });

  it('contains only the types that the caller can access', async () => {
    const whole = await print(tracker().key);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(buildSchema(await whole.text()).getMutationType()).toBeDefined();
    const narrow = await narrowKey(app, tracker(), ['schema.read', 'data.read:Board']);
    const schema = buildSchema(await (await print(narrow)).text());
    expect(schema.getType('Board')).toBeDefined();
    expect(schema.getType('Issue')).toBeUndefined();
    expect(schema.getMutationType()).toBeUndefined();
    expect((await print(await tokenOf('VIEWER'))).status).toBe(200);
  });

  it('describes the API of an app on request, which is empty without access rules', async () => {
    for (const credential of [tracker().key, await tokenOf('VIEWER')]) {
      const answer = await print(credential, tracker().ref, '?caller=app');
      expect(answer.status).toBe(200);
      const schema = buildSchema(await answer.text());
      expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(['_empty']);
      expect(schema.getMutationType()).toBeUndefined();
    }
  });

  it.each(['?caller=', '?caller=me', '?caller=APP', '?caller=app&caller=app'])(
    'is not available for %s',
    async (query) => {
      const answer = await print(tracker().key, tracker().ref, query);
      expect(answer.status).toBe(400);
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      expect(error.code).toBe('BAD_REQUEST');
      expect(error.message).toContain('`app`');
    },
  );

  it('is denied for the same reasons as the API', async () => {
    const blind = await narrowKey(app, tracker(), ['data.read']);
    const tries: [Promise<Response>, number, string][] = [
      [print(blind), 403, 'FORBIDDEN'],
      [print(blind, tracker().ref, '?caller=app'), 403, 'FORBIDDEN'],
      [print(null), 401, 'UNAUTHENTICATED'],
      [print('tsk_nonsense'), 401, 'UNAUTHENTICATED'],
      [print(tracker().key, '0'.repeat(16)), 404, 'NOT_FOUND'],
    ];
    for (const [response, status, code] of tries) {
      const answer = await response;
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ error: { code } });
    }
    const post = await fetch(`${app.url}/p/${tracker().ref}/schema.graphql`, { method: 'POST' });
    expect(post.status).toBe(405);
  });
});

describe('usage', () => {
  let fresh: TestProject;
  beforeAll(async () => {
    fresh = await makeProject(app, await readTracker());
  });
  const ownerToken = () => app.accessTokenFor(fresh.tenant.users.OWNER);
  const usageQuery = `query ($ref: ID!, $days: Int!) {
    project(ref: $ref) {
      usage(days: $days) { day requests errors }
      apiKeys(first: 100) { nodes { id usage(days: $days) { day requests errors } lastUsedAt } }
    }
  }`;
  interface Day {
    readonly day: string;
    readonly requests: number;
    readonly errors: number;
  }
  interface Shown {
    readonly usage: readonly Day[];
    readonly apiKeys: { readonly nodes: readonly { id: string; usage: readonly Day[] }[] };
  }
  const usage = async (days: number): Promise<Shown> => {
    const { body } = await app.graphql(usageQuery, { ref: fresh.ref, days }, await ownerToken());
    // The document selects only these fields.
    return (body.data as { project: Shown }).project;
  };
  const today = (days: readonly Day[]) => days.at(-1) ?? { requests: 0, errors: 0 };

  it('counts requests and errors per project and key, with an entry for every day', async () => {
    const { id: keyId } = await app.db.apiKey.findFirstOrThrow({ where: { projectId: fresh.id } });
    await fresh.ask(boards);
    await fresh.ask('{ nothing }');
    await fresh.ask(boards, {}, await ownerToken());
    await fresh.ask(boards, {}, 'tsk_nonsense');
    await fetch(`${app.url}/p/${'0'.repeat(16)}/graphql`, {
      headers: { authorization: `Bearer ${fresh.key}` },
    });
    await app.graphql('{ currentApiKey { id } }', {}, fresh.key);
    // Usage is written in batches, within seconds.
    await expect
      .poll(async () => today((await usage(1)).usage).requests, { timeout: 15_000, interval: 250 })
      .toBe(3);
    const shown = await usage(400);
    expect(shown.usage).toHaveLength(400);
    expect(today(shown.usage)).toEqual({
      day: new Date().toISOString().slice(0, 10),
      requests: 3,
      errors: 1,
    });
    const days = shown.usage.map(({ day }) => Date.parse(day));
    expect(days.slice(1).every((day, index) => day - (days[index] ?? 0) === 86_400_000)).toBe(true);
    const ofKey = shown.apiKeys.nodes.find(({ id }) => id === keyId);
    expect(today(ofKey?.usage ?? [])).toMatchObject({ requests: 4, errors: 2 });
  });

  it.each([0, -1, 401, 2_147_483_647])('rejects a period of %i days', async (days) => {
    const { body, status } = await app.graphql(
      usageQuery,
      { ref: fresh.ref, days },
      await ownerToken(),
    );
    expect(status).toBeLessThan(500);
    expect(body.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });
});

describe('a client disconnect', () => {
  beforeAll(() => tracker().data(createBoard()));

  it('cancels the running statement', async () => {
    const { pool } = app.database;
    const lock = `LOCK TABLE p_${tracker().ref}.board IN ACCESS EXCLUSIVE MODE`;
    await whileHolding(pool, { sql: lock }, async () => {
      const client = new AbortController();
      const answer = call(boards, tracker().key, client.signal);
      await untilWaiting(pool, 1);
      client.abort();
      await expect(answer).rejects.toThrow();
      await untilWaiting(pool, 0);
    });
    expect((await call(boards, tracker().key)).status).toBe(200);
  });
});
