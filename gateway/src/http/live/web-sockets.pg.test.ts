import { createClient as createWsClient } from 'graphql-ws';
import { createClient as createSseClient } from 'graphql-sse';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { useApp } from '../../../test/app.ts';
import { askEventStream } from '../../../test/everywhere.ts';
import { connectRaw, refusedHandshake } from '../../../test/live-client.ts';
import { makeNotes, notesQuery, type NotesProject } from '../../../test/notes-project.ts';
import { createKey } from '../../../test/project-settings.ts';
import { liveLimits } from './live-limits.ts';

const app = useApp();
let project: NotesProject;
beforeAll(async () => {
  project = await makeNotes(app);
});

const noteOf = (text: string) => ({ text });
const allNotes = { data: { notes: { nodes: ['of ada', 'of bob', 'open'].map(noteOf) } } };

it('the limits of connections apply in a gateway with its usual configuration', async () => {
  const { newNetworkConnections } = liveLimits;
  const open = Array.from({ length: newNetworkConnections }, () => connectRaw(project.endpoint));
  const clients = await Promise.all(open);
  expect(await refusedHandshake(project.endpoint)).toMatchObject({ status: 429 });
  for (const { socket } of clients) socket.terminate();
});

describe('queries and mutations', () => {
  it('graphql-ws runs queries and mutations', async () => {
    const client = createWsClient({
      url: project.endpoint.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { apiKey: project.key },
      retryAttempts: 0,
    });
    const results = client.iterate({ query: notesQuery });
    expect(await results.next()).toEqual({ value: allNotes, done: false });
    expect(await results.next()).toMatchObject({ done: true });
    const query =
      'mutation ($id: ID!) { updateUser(where: { id: $id }, data: { email: null }) { email } }';
    const mutation = client.iterate({ query, variables: { id: project.bobId } });
    expect(await mutation.next()).toMatchObject({
      value: { data: { updateUser: { email: null } } },
    });
    const invalid = client.iterate({ query: '{ nothing }' });
    await expect(invalid.next()).rejects.toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    await client.dispose();
  });

  it('graphql-sse runs queries', async () => {
    const client = createSseClient({
      url: project.endpoint,
      headers: { 'x-api-key': project.key },
    });
    const results = client.iterate({ query: notesQuery });
    expect(await results.next()).toEqual({ value: allNotes, done: false });
    expect(await results.next()).toMatchObject({ done: true });
    const invalid = client.iterate({ query: '{ nothing }' });
    expect(await invalid.next()).toMatchObject({
      value: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    });
    client.dispose();
  });
});

const refusal = (code: string) => ({ extensions: { code } });

describe('the rate limit of a key', () => {
  const keyWith = (rateLimitPerMinute: number) =>
    createKey(app, project, {
      kind: 'SECRET',
      scopes: ['data.read'],
      rateLimitPerMinute,
    });
  const costly = `{ ${Array.from({ length: 300 }, (_, i) => `a${i}: notes(first: 1) { totalCount }`).join(' ')} }`;

  it('counts a WebSocket, its operations and its pings with tokens', async () => {
    const client = await connectRaw(project.endpoint);
    await client.init({ apiKey: await keyWith(4) });
    for (let run = 0; run < 3; run += 1) expect(await client.run(notesQuery)).toHaveLength(2);
    for (const query of [notesQuery, `subscription ${notesQuery}`]) {
      expect(await client.run(query)).toMatchObject([
        { type: 'error', payload: [refusal('RATE_LIMITED')] },
      ]);
    }
    client.socket.terminate();
  });

  it('counts a live query once, and not its results', async () => {
    const client = await connectRaw(project.endpoint);
    await client.init({ apiKey: await keyWith(2) });
    client.send({ id: '1', type: 'subscribe', payload: { query: `subscription ${notesQuery}` } });
    expect(await client.next()).toMatchObject({ type: 'next', payload: allNotes });
    const { users } = (await project.data('{ users { nodes { id } } }')) as {
      users: { nodes: readonly { id: string }[] };
    };
    for (const text of ['x', 'y', 'z']) {
      await project.data(
        `mutation ($text: String!, $id: ID!) {
          createNote(data: { text: $text, open: false, owner: { connect: { id: $id } } }) { id }
        }`,
        { text, id: users.nodes[0]?.id },
      );
      expect(JSON.stringify(await client.next())).toContain(`"${text}"`);
    }
    client.socket.terminate();
    await project.data(
      'mutation { deleteNotes(where: { text: { in: ["x", "y", "z"] } }, atMost: 3) { count } }',
    );
  });

  it('refuses an event stream like a request', async () => {
    const headers = { 'x-api-key': await keyWith(2) };
    const body = JSON.stringify({ query: notesQuery });
    for (let run = 0; run < 2; run += 1) {
      expect(await askEventStream(project.endpoint, { headers, body })).toMatchObject(allNotes);
    }
    expect(await askEventStream(project.endpoint, { headers, body })).toMatchObject({
      errors: [{ code: 'RATE_LIMITED' }],
    });
  });

  it('refuses operations that cost more than the limit', async () => {
    const client = await connectRaw(project.endpoint);
    await client.init({ apiKey: await keyWith(100) });
    expect(await client.run(costly)).toMatchObject([
      { type: 'error', payload: [refusal('QUERY_TOO_COMPLEX')] },
    ]);
    client.socket.terminate();
    const headers = { 'x-api-key': await keyWith(100) };
    const body = JSON.stringify({ query: costly });
    expect(await askEventStream(project.endpoint, { headers, body })).toMatchObject({
      errors: [{ code: 'QUERY_TOO_COMPLEX' }],
    });
  });
});

describe('a WebSocket', () => {
  it('that sends no connection_init is closed', async () => {
    const client = await connectRaw(project.endpoint);
    expect(await client.closed).toMatchObject({ code: 4408 });
  });

  it('follows a thousand live queries, and refuses further ones with an error', async () => {
    const client = await connectRaw(project.endpoint);
    await client.init({ apiKey: project.key });
    const subscribe = (id: string) =>
      client.send({ id, type: 'subscribe', payload: { query: `subscription ${notesQuery}` } });
    /** Waits for messages with as many ids. Returns the latest payloads. */
    const payloads = async (size: number): Promise<Map<unknown, unknown>> => {
      const seen = new Map<unknown, unknown>();
      while (seen.size < size) {
        const { id, payload } = await client.next();
        seen.set(id, payload);
      }
      return seen;
    };
    for (let index = 0; index < 1_000; index += 1) subscribe(`${index}`);
    subscribe('more');
    const first = await payloads(1_001);
    expect(first.get('more')).toMatchObject([refusal('RATE_LIMITED')]);
    first.delete('more');
    for (const payload of first.values()) expect(payload).toEqual(allNotes);
    const rename = (from: string, to: string) =>
      project.data(
        'mutation ($from: String!, $to: String!) { updateNotes(where: { text: { eq: $from } }, data: { text: $to }) { count } }',
        { from, to },
      );
    await rename('open', 'new');
    for (const payload of (await payloads(1_000)).values()) {
      expect(JSON.stringify(payload)).toContain('"new"');
    }
    await rename('new', 'open');
    client.socket.terminate();
    await expect.poll(() => app.liveStats().queries, { timeout: 5_000 }).toBe(0);
  });
});

it('a connection is closed when its member leaves one of several organizations, and others stay', async () => {
  const other = await makeNotes(app);
  const { users, organizationId } = other.tenant;
  const connected = async (endpoint: string, user: (typeof users)['OWNER']) => {
    const client = await connectRaw(endpoint);
    await client.init({ accessToken: await app.accessTokenFor(user) });
    return client;
  };
  const leaving = await connected(other.endpoint, users.VIEWER);
  const staying = await connected(other.endpoint, users.ADMIN);
  const elsewhere = await connected(project.endpoint, project.tenant.users.OWNER);
  const where = { organizationId, userId: users.VIEWER.userId };
  await app.db.membership.deleteMany({ where });
  expect(await leaving.closed).toMatchObject({ code: 4401 });
  for (const client of [staying, elsewhere]) {
    const [seen] = await client.run(notesQuery);
    expect(seen?.type).toBe('next');
    client.socket.close();
  }
});
