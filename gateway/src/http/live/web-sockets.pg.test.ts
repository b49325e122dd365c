import { createClient as createWsClient } from 'graphql-ws';
import { createClient as createSseClient } from 'graphql-sse';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { useApp } from '../../../test/app.ts';
import { connectRaw, refusedHandshake, type RawClient } from '../../../test/live-client.ts';
import { useLocalIssuer } from '../../../test/local-issuer.ts';
import { makeNotes, notesQuery, type NotesProject } from '../../../test/notes-project.ts';
import { createKey, trustIssuers } from '../../../test/project-settings.ts';
import { liveLimits } from './live-limits.ts';

const app = useApp({ env: { EGRESS_ALLOW_PRIVATE: 'true' } });
const issuer = useLocalIssuer();
let project: NotesProject;
beforeAll(async () => {
  project = await makeNotes(app);
  await trustIssuers(app, project, [issuer.trusted({ userField: 'handle' })]);
});

const scopes = ['data.read', 'data.write', 'schema.read'];
const noteOf = (text: string) => ({ text });
const allNotes = { data: { notes: { nodes: ['of ada', 'of bob', 'open'].map(noteOf) } } };

async function connected(payload: Readonly<Record<string, unknown>>): Promise<RawClient> {
  const client = await connectRaw(project.endpoint);
  await client.init(payload);
  return client;
}

/** Expects that a change closes a connection within a second. */
async function expectClosed(client: RawClient, code: number, change: () => Promise<unknown>) {
  expect(await client.run('{ __typename }')).toHaveLength(2);
  await change();
  const changedAt = performance.now();
  expect(await client.closed).toMatchObject({ code });
  expect(performance.now() - changedAt).toBeLessThan(1_000);
}

it('the limits of connections apply in a gateway with its usual configuration', async () => {
  const { newNetworkConnections } = liveLimits;
  const open = Array.from({ length: newNetworkConnections }, () => connectRaw(project.endpoint));
  const clients = await Promise.all(open);
  expect(await refusedHandshake(project.endpoint)).toMatchObject({ status: 429 });
  for (const { socket } of clients) socket.terminate();
});

describe('clients', () => {
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

describe('a connection is closed within a second when', () => {
  const owner = () => app.accessTokenFor(project.tenant.users.OWNER);

  it('its key is revoked', async () => {
    const key = await createKey(app, project, { kind: 'SECRET', scopes });
    const { id } = await app.db.apiKey.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    await expectClosed(await connected({ apiKey: key }), 4401, async () =>
      app.graphql(
        'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }',
        { id },
        await owner(),
      ),
    );
  });

  it('the scopes of its key change', async () => {
    const key = await createKey(app, project, { kind: 'SECRET', scopes });
    const { id } = await app.db.apiKey.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    await expectClosed(await connected({ apiKey: key }), 4403, () =>
      app.db.apiKey.update({ where: { id }, data: { scopes: ['data.read'] } }),
    );
  });

  it('its key expires', async () => {
    const key = await createKey(app, project, { kind: 'SECRET', scopes });
    const { id } = await app.db.apiKey.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    await expectClosed(await connected({ apiKey: key }), 4401, () =>
      app.db.apiKey.update({ where: { id }, data: { expiresAt: new Date() } }),
    );
  });

  it('its member leaves, or has another role', async () => {
    const { users, organizationId } = project.tenant;
    for (const [user, code, change] of [
      [users.VIEWER, 4401, (where: object) => app.db.membership.deleteMany({ where })],
      [
        users.DEVELOPER,
        4403,
        (where: object) => app.db.membership.updateMany({ where, data: { role: 'VIEWER' } }),
      ],
    ] as const) {
      const client = await connected({ accessToken: await app.accessTokenFor(user) });
      const where = { organizationId, userId: user.userId };
      await expectClosed(client, code, () => change(where));
    }
  });

  it('its session ends', async () => {
    const token = await app.accessTokenFor(project.tenant.users.ADMIN);
    await expectClosed(await connected({ accessToken: token }), 4401, () =>
      app.graphql('mutation { logout { __typename } }', {}, token),
    );
  });

  it('its issuer is no longer trusted', async () => {
    const apiKey = await createKey(app, project, { kind: 'PUBLISHABLE', scopes });
    const client = await connected({ apiKey, userToken: await issuer.token() });
    const [seen] = await client.run(notesQuery);
    expect(seen?.payload).toEqual({ data: { notes: { nodes: ['of ada', 'open'].map(noteOf) } } });
    await expectClosed(client, 4401, () => trustIssuers(app, project, []));
  });

  it('its project is deleted', async () => {
    const other = await makeNotes(app);
    const client = await connectRaw(other.endpoint);
    await client.init({ apiKey: other.key });
    await expectClosed(client, 4401, () => app.db.project.delete({ where: { id: other.id } }));
  });
});
