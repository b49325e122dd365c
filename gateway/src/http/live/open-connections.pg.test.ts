import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import {
  liveTransports,
  openConnection,
  type ConnectionOptions,
  type LiveConnection,
} from '../../../test/live/live-connection.ts';
import { useLocalIssuer } from '../../../test/local-issuer.ts';
import { makeNotes, notesQuery, type NotesProject } from '../../../test/notes-project.ts';
import { makeProject, type TestProject } from '../../../test/project-api.ts';
import { allowOrigins, createKey, trustIssuers } from '../../../test/project-settings.ts';
import { seedTenant } from '../../../test/tenant.ts';

// What an open connection notices, over both transports. How soon depends on the intervals in `liveLimits`.

const app = useApp({ env: { EGRESS_ALLOW_PRIVATE: 'true' } });
const issuer = useLocalIssuer();
const scopes = ['data.read', 'data.write', 'schema.read'];
const liveNotes = `subscription ${notesQuery}`;
const notes = (...texts: readonly string[]) => ({
  data: { notes: { nodes: texts.map((text) => ({ text })) } },
});
const allNotes = notes('of ada', 'of bob', 'open');
const adasNotes = notes('of ada', 'open');

/** Runs a change, and waits for its effect. */
async function after<T>(change: () => unknown, effect: () => Promise<T>): Promise<T> {
  await change();
  return effect();
}

describe.each(liveTransports)('%s', (transport) => {
  let project: NotesProject;
  let publishable = '';
  beforeAll(async () => {
    project = await makeNotes(app);
    const claims = [{ name: 'role', path: 'role' }];
    await trustIssuers(app, project, [issuer.trusted({ userField: 'handle', claims })]);
    publishable = await createKey(app, project, { kind: 'PUBLISHABLE', scopes });
  });

  const open = (options: ConnectionOptions, query = liveNotes, { endpoint } = project) =>
    openConnection(transport, endpoint, options, query);
  /** A connection of a server, and the id of its key. */
  async function withKey(): Promise<{ readonly connection: LiveConnection; readonly id: string }> {
    const apiKey = await createKey(app, project, { kind: 'SECRET', scopes });
    const { id } = await app.db.apiKey.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    const connection = await open({ apiKey });
    await connection.reaches(allNotes);
    return { connection, id };
  }

  /** Expects that a change ends a connection. @param code of a closed WebSocket */
  async function expectEnd(connection: LiveConnection, code: number, change: () => unknown) {
    const ended = await after(change, () => connection.ended);
    expect(ended).toBe(transport === 'a WebSocket' ? code : 'UNAUTHENTICATED');
  }

  it('ends when its key is revoked', async () => {
    const { connection, id } = await withKey();
    const owner = await app.accessTokenFor(project.tenant.users.OWNER);
    const revoke = 'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }';
    await expectEnd(connection, 4401, () => app.graphql(revoke, { id }, owner));
  });

  it('ends when the scopes of its key change', async () => {
    const { connection, id } = await withKey();
    await expectEnd(connection, 4403, () =>
      app.db.apiKey.update({ where: { id }, data: { scopes: ['data.read'] } }),
    );
  });

  it('ends when its key expires', async () => {
    const { connection, id } = await withKey();
    await expectEnd(connection, 4401, () =>
      app.db.apiKey.update({ where: { id }, data: { expiresAt: new Date() } }),
    );
  });

  it('ends when its member leaves the organization', async () => {
    const { users, organizationId } = project.tenant;
    const { userId } = users.VIEWER;
    const connection = await open({ accessToken: await app.accessTokenFor(users.VIEWER) });
    await connection.reaches(allNotes);
    await expectEnd(connection, 4401, () =>
      app.db.membership.deleteMany({ where: { organizationId, userId } }),
    );
  });

  it('ends when its member has another role', async () => {
    const { users, organizationId } = project.tenant;
    const { userId } = users.DEVELOPER;
    const connection = await open({ accessToken: await app.accessTokenFor(users.DEVELOPER) });
    await connection.reaches(allNotes);
    await expectEnd(connection, 4403, () =>
      app.db.membership.updateMany({
        where: { organizationId, userId },
        data: { role: 'VIEWER' },
      }),
    );
  });

  it('ends when the session of its member ends', async () => {
    const accessToken = await app.accessTokenFor(project.tenant.users.ADMIN);
    const connection = await open({ accessToken });
    await connection.reaches(allNotes);
    await expectEnd(connection, 4401, () =>
      app.graphql('mutation { logout { __typename } }', {}, accessToken),
    );
  });

  it('ends when its issuer is no longer trusted', async () => {
    const other = await makeNotes(app);
    await trustIssuers(app, other, [issuer.trusted({ userField: 'handle' })]);
    const apiKey = await createKey(app, other, { kind: 'PUBLISHABLE', scopes });
    const connection = await open({ apiKey, userToken: await issuer.token() }, liveNotes, other);
    await connection.reaches(adasNotes);
    await expectEnd(connection, 4401, () => trustIssuers(app, other, []));
  });

  it('ends when its origin is no longer allowed', async () => {
    const origin = 'https://app.example';
    await allowOrigins(app, project, [origin]);
    const connection = await open({ apiKey: publishable, origin });
    await connection.reaches(notes('open'));
    await expectEnd(connection, 4401, () => allowOrigins(app, project, []));
  });

  it('ends when its project is deleted', async () => {
    const other = await makeNotes(app);
    const connection = await open({ apiKey: other.key }, liveNotes, other);
    await connection.reaches(allNotes);
    const ended = await after(
      () => app.db.project.delete({ where: { id: other.id } }),
      () => connection.ended,
    );
    // The subscription of an event stream can notice it before the check of the credentials.
    const codes = transport === 'a WebSocket' ? [4401] : ['UNAUTHENTICATED', 'NOT_FOUND'];
    expect(codes).toContain(ended);
  });

  it('ends when its token expires', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const userToken = await issuer.token({ exp });
    const connection = await open({ apiKey: publishable, userToken });
    await connection.reaches(adasNotes);
    const ended = await connection.ended;
    expect(ended).toBe(transport === 'a WebSocket' ? 4403 : 'UNAUTHENTICATED');
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
  });

  it('shows no more rows when the row of a membership is deleted', async () => {
    const team = await makeTeam();
    const apiKey = await createKey(app, team, { kind: 'PUBLISHABLE', scopes });
    const query = 'subscription { tasks { nodes { text } } }';
    const connection = await open({ apiKey, userToken: await issuer.token() }, query, {
      ...project,
      ...team,
    });
    const tasks = (...texts: readonly string[]) => ({
      data: { tasks: { nodes: texts.map((text) => ({ text })) } },
    });
    await connection.reaches(tasks('secret'));
    await after(
      () => team.data('mutation { deleteMemberships(where: {}, atMost: 1) { count } }'),
      () => connection.reaches(tasks()),
    );
    // It would see the row again, and no other change.
    await team.data(
      'mutation { updateTasks(where: {}, data: { text: "still secret" }, atMost: 1) { count } }',
    );
    await after(
      () =>
        team.data(
          `mutation { createMembership(data: {
            board: { connect: { name: "one" } } user: { connect: { handle: "ada" } }
          }) { id } }`,
        ),
      () => connection.reaches(tasks('still secret')),
    );
    expect(connection.results).toEqual([tasks('secret'), tasks(), tasks('still secret')]);
    connection.close();
  });

  it('follows the rules of an applied schema', async () => {
    const sdl = (where: string) => `
      type User @model @live @user { id: ID! @id handle: String! @unique }
      type Note @model @live @allow(to: [READ], as: PUBLIC${where}) { id: ID! @id text: String! open: Boolean! }
    `;
    const other = await makeProject(app, sdl(''));
    await other.data(`mutation {
      a: createNote(data: { text: "a", open: true }) { id }
      b: createNote(data: { text: "b", open: false }) { id }
    }`);
    const apiKey = await createKey(app, other, { kind: 'PUBLISHABLE', scopes });
    const connection = await open({ apiKey }, liveNotes, { ...project, ...other });
    await connection.reaches(notes('a', 'b'));
    // Compiling the query for the new version can wait for its share of the main thread, so no time is expected.
    await other.deploy(sdl(', where: { open: { eq: true } }'));
    await connection.reaches(notes('a'));
    // Without a rule, signed-out callers have no such field.
    await other.deploy(sdl('').replace(', as: PUBLIC', ''));
    await expect
      .poll(() => JSON.stringify(connection.results.at(-1)), { timeout: 5_000 })
      .toContain('GRAPHQL_VALIDATION_FAILED');
    connection.close();
  });
});

const teamSdl = `
  type User @model @live @user { id: ID! @id  handle: String! @unique  memberships: [Membership!]! }
  type Board @model @live { id: ID! @id  name: String! @unique  memberships: [Membership!]!  tasks: [Task!]! }
  type Membership @model @live {
    id: ID! @id  board: Board! @relation(onDelete: CASCADE)  user: User! @relation(onDelete: CASCADE)
  }
  type Task @model @live
    @allow(to: [READ], where: { board: { memberships: { some: { user: { id: { eq: "$user.id" } } } } } })
  { id: ID! @id  text: String!  board: Board! @relation(onDelete: CASCADE) }
`;

/** A project in which Ada is a member of a board with a task. */
async function makeTeam(): Promise<TestProject> {
  const team = await makeProject(app, teamSdl);
  await trustIssuers(app, team, [issuer.trusted({ userField: 'handle' })]);
  await team.data(`mutation {
    createBoard(data: {
      name: "one"
      memberships: { create: [{ user: { create: { handle: "ada" } } }] }
      tasks: { create: [{ text: "secret" }] }
    }) { id }
  }`);
  return team;
}

describe('a ping with a newer token', () => {
  let project: NotesProject;
  let publishable = '';
  beforeAll(async () => {
    project = await makeNotes(app);
    const claims = [{ name: 'role', path: 'role' }];
    await trustIssuers(app, project, [issuer.trusted({ userField: 'handle', claims })]);
    publishable = await createKey(app, project, { kind: 'PUBLISHABLE', scopes });
  });
  const open = async (exp: number) => {
    const options = { apiKey: publishable, userToken: await issuer.token({ exp }) };
    const connection = await openConnection('a WebSocket', project.endpoint, options, liveNotes);
    await connection.reaches(adasNotes);
    return connection;
  };
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

  it('keeps a WebSocket open, until that token expires', async () => {
    const exp = inSeconds(2);
    const connection = await open(exp);
    connection.renew(await issuer.token({ exp: exp + 2 }));
    expect(await connection.ended).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual((exp + 2) * 1_000);
    expect(connection.results).toEqual([adasNotes]);
  });

  it('gives subscriptions the claims of that token', async () => {
    const connection = await open(inSeconds(60));
    const editor = { claims: { role: 'editor' } };
    await after(
      async () => connection.renew(await issuer.token(editor)),
      () => connection.reaches(allNotes),
    );
    await after(
      async () => connection.renew(await issuer.token()),
      () => connection.reaches(adasNotes),
    );
    connection.close();
  });

  it.each([
    ['of another user', () => issuer.token({ claims: { sub: 'bob' } }), 4403],
    ['that has expired', () => issuer.token({ exp: inSeconds(-60) }), 4403],
    ['of an unknown issuer', () => issuer.token({ claims: { iss: 'https://evil.example' } }), 4401],
    ['that is no token', () => Promise.resolve('a.b.c'), 4401],
    [
      'that is an access token of a member',
      async () => app.accessTokenFor((await seedTenant(app.db)).users.OWNER),
      4400,
    ],
  ])('closes a WebSocket with a token %s', async (_name, token, code) => {
    const connection = await open(inSeconds(60));
    connection.renew(await token());
    expect(await connection.ended).toBe(code);
  });
});
