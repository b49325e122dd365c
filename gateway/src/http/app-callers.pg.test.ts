import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { audience, useLocalIssuer } from '../../test/local-issuer.ts';
import { makeNotes, notesQuery, type NotesProject } from '../../test/notes-project.ts';
import { allowOrigins, createKey, trustIssuers } from '../../test/project-settings.ts';

let time = Date.now();
const app = useApp({
  env: {
    EGRESS_ALLOW_PRIVATE: 'true',
    TRUSTED_PROXY_HOPS: '1',
    CORS_ORIGINS: 'https://console.example',
  },
  clock: () => new Date(time),
});
const issuer = useLocalIssuer(() => new Date(time));

const own = 'http://tessera.test';
const page = 'https://app.example';
const operator = 'https://console.example';

let project: NotesProject;
let secret: string;
let publishable: string;
let ada: string;

beforeAll(async () => {
  project = await makeNotes(app);
  await trustIssuers(app, project, [issuer.trusted({ userField: 'handle' })]);
  await allowOrigins(app, project, [page]);
  const scopes = ['data.read', 'data.write'];
  secret = await createKey(app, project, { kind: 'SECRET', scopes });
  publishable = await createKey(app, project, { kind: 'PUBLISHABLE' });
  ada = await issuer.token();
});

type Headers = Readonly<Record<string, string>>;

const withUser = (key: string, token: string): Headers => ({
  'x-api-key': key,
  authorization: `Bearer ${token}`,
});
const from = (address: string): Headers => ({ 'x-forwarded-for': address });
const asMember = async (role: 'DEVELOPER' | 'VIEWER', viewAs: string): Promise<Headers> => ({
  authorization: `Bearer ${await app.accessTokenFor(project.tenant.users[role])}`,
  'x-view-as': viewAs,
});

const send = (headers: Headers, query = notesQuery, endpoint = project.endpoint) =>
  fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

interface Answer {
  readonly data?: { readonly notes: { readonly nodes: readonly { readonly text: string }[] } };
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string };
  }[];
}

/** The texts of the notes that the caller sees, or the code of the error. */
async function seen(headers: Headers, query = notesQuery): Promise<unknown> {
  // The project's API answers in this form.
  const { data, errors } = (await (await send(headers, query)).json()) as Answer;
  return errors?.[0]?.extensions.code ?? data?.notes.nodes.map(({ text }) => text);
}

describe('a user of an app', () => {
  it('sees what the rules allow, within the scopes of the key', async () => {
    expect(await seen(withUser(publishable, ada))).toEqual(['of ada', 'open']);
    expect(await seen(withUser(secret, ada))).toEqual(['of ada', 'open']);
    for (const kind of ['SECRET', 'PUBLISHABLE']) {
      const narrow = await createKey(app, project, { kind, scopes: ['data.read:User'] });
      expect(await seen(withUser(narrow, ada))).toBe('GRAPHQL_VALIDATION_FAILED');
      const response = await send(withUser(narrow, ada), '{ users { nodes { handle } } }');
      expect(await response.json()).toEqual({ data: { users: { nodes: [{ handle: 'ada' }] } } });
    }
  });

  it('without a row sees only what all users see', async () => {
    const token = await issuer.token({ claims: { sub: 'nobody' } });
    expect(await seen(withUser(publishable, token))).toEqual(['open']);
  });

  it('gets answers that no cache may store', async () => {
    for (const headers of [withUser(publishable, ada), { 'x-api-key': publishable }]) {
      const response = await send(headers);
      expect(response.headers.get('cache-control')).toBe('private, no-store');
    }
  });

  it('is no longer accepted within a second after the project stops to trust the issuer', async () => {
    const other = await makeNotes(app);
    const key = await createKey(app, other, { kind: 'PUBLISHABLE' });
    await trustIssuers(app, other, [issuer.trusted({ userField: 'handle' })]);
    const status = async () => (await send(withUser(key, ada), notesQuery, other.endpoint)).status;
    expect(await status()).toBe(200);
    await trustIssuers(app, other, []);
    await expect.poll(status, { timeout: 1_000 }).toBe(401);
  });
});

describe('an error about credentials', () => {
  it.each([
    ['differ', () => ({ 'x-api-key': secret, authorization: `Bearer ${publishable}` })],
    ['X-API-Key', () => ({ authorization: `Bearer ${ada}` })],
    ['secret key cannot be used by a web page', () => ({ 'x-api-key': secret, origin: page })],
    ["member's access token", () => ({ 'x-api-key': publishable, 'x-view-as': 'public' })],
    ['must be `public` or `user:<id>`', () => asMember('DEVELOPER', 'ada')],
  ] as const)('says what to do: %s', async (part, headers) => {
    // The project's API answers in this form.
    const { errors } = (await (await send(await headers())).json()) as Answer;
    expect(errors?.[0]?.message).toContain(part);
  });

  it('names the problem of a token, but contains no part of it', async () => {
    const expired = await issuer.token({ exp: Math.floor(time / 1_000) - 31 });
    const response = await send(withUser(publishable, expired));
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const text = await response.text();
    expect(text).toContain('It has expired');
    for (const part of expired.split('.')) expect(text).not.toContain(part);
  });
});

describe('a page', () => {
  const preflight = (origin: string, ref = project.ref) =>
    fetch(`${app.url}/p/${ref}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-api-key',
      },
    });
  const cors = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

  it.each([page, operator])('of an allowed origin passes the preflight: %s', async (origin) => {
    const response = await preflight(origin);
    expect(response.status).toBe(204);
    expect(response.headers.get('vary')).toContain('Origin');
    expect(cors(response)).toEqual({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers':
        'accept, authorization, content-type, x-api-key, x-request-id, x-view-as',
      'access-control-expose-headers':
        'x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset',
      'access-control-max-age': '600',
    });
  });

  it('of an allowed origin can read results and errors, without credentials in cookies', async () => {
    for (const key of [publishable, 'tpk_unknown']) {
      const response = await send({ 'x-api-key': key, origin: page });
      expect(cors(response)).toMatchObject({ 'access-control-allow-origin': page });
      expect(response.headers.has('access-control-allow-credentials')).toBe(false);
    }
    const { headers } = await fetch(`${app.url}/p/${project.ref}/schema.graphql`, {
      headers: { origin: page },
    });
    expect(headers.get('access-control-allow-origin')).toBe(page);
  });

  it.each([
    'https://evil.example',
    'http://app.example',
    'https://app.example:8443',
    'https://APP.example',
    'https://app.example.evil.example',
    'null',
    own,
  ])('of another origin gets no CORS headers: %s', async (origin) => {
    for (const response of [
      await preflight(origin),
      await send({ 'x-api-key': publishable, origin }),
    ]) {
      expect(cors(response)).toEqual({});
    }
  });

  it.each(['0'.repeat(16), 'no-ref'])('gets no CORS headers of the project %s', async (ref) => {
    const response = await preflight(page, ref);
    expect([response.status, cors(response)]).toEqual([204, {}]);
  });

  it('gets no CORS headers of the management API for an origin of a project', async () => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: page, 'access-control-request-method': 'POST' },
    });
    expect(cors(response)).toEqual({});
  });

  it('is allowed or no longer allowed within a second after the settings change', async () => {
    const other = await makeNotes(app);
    const isAllowed = async () =>
      'access-control-allow-origin' in cors(await preflight(page, other.ref));
    expect(await isAllowed()).toBe(false);
    await allowOrigins(app, other, [page]);
    await expect.poll(isAllowed, { timeout: 1_000 }).toBe(true);
    await allowOrigins(app, other, []);
    await expect.poll(isAllowed, { timeout: 1_000 }).toBe(false);
  });
});

describe('the limit of a publishable key', () => {
  const limited = () => createKey(app, project, { kind: 'PUBLISHABLE', rateLimitPerMinute: 3 });
  const statusesOf = async (headers: readonly Headers[]): Promise<readonly number[]> => {
    const statuses: number[] = [];
    for (const each of headers) statuses.push((await send(each)).status);
    return statuses;
  };

  it('applies to each client network for signed-out callers', async () => {
    const key = { 'x-api-key': await limited() };
    const one = { ...key, ...from('192.0.2.1') };
    const remaining = [];
    for (let n = 0; n < 3; n += 1) {
      const { status, headers } = await send(one);
      remaining.push([status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')]);
    }
    expect(remaining).toEqual([
      [200, '3', '2'],
      [200, '3', '1'],
      [200, '3', '0'],
    ]);
    const refused = await send(one);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    // A network of IPv6 is one client.
    const others = ['192.0.2.2', '2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8::4'];
    expect(await statusesOf(others.map((address) => ({ ...key, ...from(address) })))).toEqual([
      200, 200, 200, 200, 429,
    ]);
  });

  it('applies to each user, from all addresses together', async () => {
    const key = await limited();
    const bob = await issuer.token({ claims: { sub: 'bob' } });
    const again = await issuer.token({ claims: { jti: 'another token of ada' } });
    const requests = [ada, again, ada, ada, bob].map((token, index) => ({
      ...withUser(key, token),
      ...from(`198.51.100.${index}`),
    }));
    expect(await statusesOf(requests)).toEqual([200, 200, 200, 429, 200]);
    // Signed-out callers of the same address have their own limit.
    expect(await statusesOf([{ 'x-api-key': key, ...from('198.51.100.0') }])).toEqual([200]);
  });

  it('applies to the client network for tokens that are not valid', async () => {
    const key = await limited();
    const forged = await issuer.token({ claims: { aud: `${audience}/other` } });
    const headers = { ...withUser(key, forged), ...from('203.0.113.1') };
    expect(await statusesOf([headers, headers, headers, headers])).toEqual([401, 401, 401, 429]);
    // A user whose token is known is not affected.
    await send({ ...withUser(key, ada), ...from('203.0.113.2') });
    expect((await send({ ...withUser(key, ada), ...from('203.0.113.1') })).status).toBe(200);
  });

  it('is counted for each operation by its cost', async () => {
    const key = await createKey(app, project, { kind: 'PUBLISHABLE', rateLimitPerMinute: 30 });
    const counts = Array.from({ length: 40 }, (_, n) => `a${n}: notes(first: 1) { totalCount }`);
    const headers = { ...withUser(key, ada), ...from('203.0.113.9') };
    const response = await send(headers, `{ ${counts.join(' ')} }`);
    expect(response.headers.get('ratelimit-remaining')).toBe('9');
  });
});

it('requests of apps are counted in the metrics', async () => {
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  for (const counted of [
    'tessera_user_token_checks_total{result="verified"}',
    'tessera_user_token_checks_total{result="cached"}',
    'tessera_user_token_checks_total{result="audience"}',
    'tessera_issuer_key_fetches_total{outcome="ok"}',
    'tessera_rate_limit_refusals_total{rule="public"}',
  ]) {
    const line = metrics.split('\n').find((text) => text.startsWith(`${counted} `));
    expect(Number(line?.slice(counted.length)), counted).toBeGreaterThan(0);
  }
});

describe('a member who views a project as another caller', () => {
  const entries = async () => {
    const found = await app.db.auditEntry.findMany({
      where: { projectId: project.id, action: 'project.viewAs' },
      orderBy: { id: 'asc' },
    });
    return found.map(({ actorId, actorKind, targetId, details }) => ({
      actorId,
      actorKind,
      targetId,
      details,
    }));
  };

  it('reads like this caller, and is recorded once in 15 minutes', async () => {
    const as = (text: string) => asMember('DEVELOPER', text);
    const before = (await entries()).length;
    const ofAda = `user:${project.adaId}`;
    const answers = await Promise.all(
      ['public', 'public', ofAda, ofAda, ofAda, `user:${project.bobId}`].map(async (text) =>
        seen(await as(text)),
      ),
    );
    const whole = ['of ada', 'open'];
    expect(answers).toEqual([['open'], ['open'], whole, whole, whole, ['of bob', 'open']]);
    const { users, project: target } = project.tenant;
    expect(target.id).not.toBe(project.id);
    const entry = { actorId: users.DEVELOPER.userId, actorKind: 'USER', targetId: project.id };
    const recorded = (await entries()).slice(before);
    expect(recorded).toHaveLength(3);
    expect(recorded).toEqual(
      expect.arrayContaining([
        { ...entry, details: { as: 'PUBLIC' } },
        { ...entry, details: { as: 'USER', userId: project.adaId } },
        { ...entry, details: { as: 'USER', userId: project.bobId } },
      ]),
    );
    time += 14 * 60_000;
    await seen(await as(ofAda));
    expect(await entries()).toHaveLength(before + 3);
    time += 61_000;
    await seen(await as(ofAda));
    expect(await entries()).toHaveLength(before + 4);
  });

  it('sees nothing of a user who does not exist, or whose id is not one', async () => {
    for (const id of ['00000000-0000-7000-8000-000000000000', 'ada', '%E2%82%AC']) {
      expect(await seen(await asMember('DEVELOPER', `user:${id}`))).toEqual(['open']);
    }
  });

  it('cannot write, also where the rules allow it', async () => {
    const mutation = 'mutation { createNote(data: { text: "new", open: false }) { text } }';
    const view = await asMember('DEVELOPER', `user:${project.adaId}`);
    const refused = await send(view, mutation);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      {
        errors: [
          expect.objectContaining({ message: expect.stringContaining('only read') as string }),
        ],
      },
    ]);
    expect(await seen(view)).toEqual(['of ada', 'open']);
    const allowed = await send(withUser(publishable, ada), mutation);
    expect(await allowed.json()).toEqual({ data: { createNote: { text: 'new' } } });
    expect(await seen(view)).toEqual(['new', 'of ada', 'open']);
    await project.data(
      'mutation { deleteNotes(where: { text: { eq: "new" } }, atMost: 1) { count } }',
    );
  });

  it('needs the role DEVELOPER, and a refusal is not recorded', async () => {
    const before = await entries();
    expect(await seen(await asMember('VIEWER', 'public'))).toBe('FORBIDDEN');
    expect(await entries()).toEqual(before);
  });

  it('is shown in the audit log of the organization', async () => {
    await seen(await asMember('DEVELOPER', 'public'));
    const { body } = await app.graphql(
      `query ($slug: String!) {
        organization(slug: $slug) {
          auditLog(first: 1, filter: { action: "project.viewAs" }) { nodes { action details } }
        }
      }`,
      { slug: project.tenant.slug },
      await app.accessTokenFor(project.tenant.users.OWNER),
    );
    expect(body.errors).toBeUndefined();
    expect(JSON.stringify(body.data)).toContain('project.viewAs');
  });
});
