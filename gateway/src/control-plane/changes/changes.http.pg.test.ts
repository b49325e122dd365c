import { describe, expect, it, vi } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { openConnection } from '../../../test/live/live-connection.ts';
import { makeProject, type TestProject } from '../../../test/project-api.ts';
import { createKey } from '../../../test/project-settings.ts';

const app = useApp();

const sdl = `
  enum Size { SMALL LARGE }
  type Person @model @live { id: ID! @id  email: String!  cells: [Cell!]! }
  type Cell @model @live @id(fields: ["person", "at", "size"]) {
    person: Person! @relation(onDelete: CASCADE)  at: DateTime!  size: Size!  note: String
  }
  type Plain @model { id: ID! @id  text: String! }
`;

type Role = keyof TestProject['tenant']['users'];

/** Runs the mutation as a member. Returns its payload, or the code of its error. */
async function erase(
  { ref, tenant }: TestProject,
  input: Readonly<Record<string, unknown>>,
  role: Role = 'DEVELOPER',
): Promise<unknown> {
  const { body } = await app.graphql(
    `mutation ($input: EraseChangesInput!) {
      eraseChanges(input: $input) {
        ... on EraseChangesSuccess { count }
        ... on Error { message code }
        ... on ValidationError { issues { path } }
      }
    }`,
    { input: { projectRef: ref, ...input } },
    await app.accessTokenFor(tenant.users[role]),
  );
  return body.data?.['eraseChanges'] ?? body.errors?.[0]?.extensions?.['code'];
}

const logOf = async ({ ref }: TestProject): Promise<string> =>
  JSON.stringify((await app.database.pool.query(`SELECT * FROM "p_${ref}"."$changes"`)).rows);

async function createPerson(project: TestProject, email: string): Promise<string> {
  const data = await project.data(
    `mutation ($email: String!) { createPerson(data: { email: $email }) { id } }`,
    { email },
  );
  // The mutation selects this field.
  return (data as { createPerson: { id: string } }).createPerson.id;
}

describe('eraseChanges', () => {
  it('blanks all values that the log has about a row, and keeps those of others', async () => {
    const project = await makeProject(app, sdl);
    const id = await createPerson(project, 'ada@secret.example');
    await createPerson(project, 'bob@open.example');
    const update = `mutation ($id: ID!, $email: String!) {
      updatePerson(where: { id: $id }, data: { email: $email }) { id }
    }`;
    await project.data(update, { id, email: 'ada@secret.example.org' });
    await project.data('mutation ($id: ID!) { deletePerson(where: { id: $id }) { id } }', { id });
    expect(await logOf(project)).toContain('secret');
    expect(await erase(project, { model: 'Person', key: { id } })).toEqual({ count: 3 });
    const log = await logOf(project);
    expect(log).not.toContain('secret');
    expect(log).toContain('open');
    // Erasing is idempotent, and the changes keep the key.
    expect(await erase(project, { model: 'Person', key: { id: id.toUpperCase() } })).toEqual({
      count: 3,
    });
  });

  it('finds rows whose keys have several fields, in the formats of the API', async () => {
    const project = await makeProject(app, sdl);
    const personId = await createPerson(project, 'ada@secret.example');
    await project.data(
      `mutation ($personId: ID!) { createCell(data: {
        person: { connect: { id: $personId } }  at: "2026-01-02T03:04:05.678+02:00"  size: LARGE  note: "secret"
      }) { note } }`,
      { personId },
    );
    const key = { personId, at: '2026-01-02T01:04:05.678Z', size: 'LARGE' };
    expect(await erase(project, { model: 'Cell', key })).toEqual({ count: 1 });
    expect(await logOf(project)).not.toContain('"secret"');
    expect(await erase(project, { model: 'Cell', key: { ...key, size: 'SMALL' } })).toEqual({
      count: 0,
    });
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['an unknown model', { model: 'Nothing', key: { id: '1' } }, ['model']],
    ['a key without a field', { model: 'Person', key: {} }, ['key']],
    ['a key with another field', { model: 'Person', key: { id: '1', email: 'x' } }, ['key']],
    ['a value of another type', { model: 'Person', key: { id: 'no id' } }, ['key']],
    ['a value that is an object', { model: 'Person', key: { id: {} } }, ['key']],
    ['a value that is null', { model: 'Person', key: { id: null } }, ['key']],
    ['an inherited name', { model: 'Person', key: { constructor: 'x' } }, ['key']],
    ['a key that is a list', { model: 'Person', key: [] }, ['key']],
    ['a key that is too long', { model: 'Person', key: { id: 'x'.repeat(10_001) } }, ['key']],
    [
      'an unknown enum value',
      { model: 'Cell', key: { personId: 'x', at: 'x', size: 'x' } },
      ['key'],
    ],
  ])('is refused for %s', async (_name, input, path) => {
    const project = await makeProject(app, sdl);
    expect(await erase(project, input)).toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path }],
    });
  });

  it('counts nothing if the project has no change log', async () => {
    const project = await makeProject(app, 'type Plain @model { id: ID! @id }');
    const key = { id: '0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e' };
    expect(await erase(project, { model: 'Plain', key })).toEqual({ count: 0 });
  });

  it('works with a schema that is read on the compute thread', async () => {
    const long = `${sdl} # ${'x'.repeat(5_000)}`;
    const project = await makeProject(app, long);
    const id = await createPerson(project, 'ada@secret.example');
    expect(await erase(project, { model: 'Person', key: { id } })).toEqual({ count: 1 });
    expect(await erase(project, { model: 'Nothing', key: { id } })).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });

  it('is allowed to developers, and audited without the key', async () => {
    const project = await makeProject(app, sdl);
    const id = await createPerson(project, 'ada@secret.example');
    const input = { model: 'Person', key: { id } };
    expect(await erase(project, input, 'VIEWER')).toBe('FORBIDDEN');
    expect(await logOf(project)).toContain('secret');
    expect(await erase(project, input, 'DEVELOPER')).toEqual({ count: 1 });
    const { body } = await app.graphql(
      'mutation ($input: EraseChangesInput!) { eraseChanges(input: $input) { __typename } }',
      { input: { projectRef: project.ref, ...input } },
      project.key,
    );
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const entries = await app.db.auditEntry.findMany({
      where: { projectId: project.id, action: 'project.eraseChanges' },
    });
    expect(entries).toMatchObject([
      { actorId: project.tenant.users.DEVELOPER.userId, details: { model: 'Person' } },
    ]);
    expect(JSON.stringify(entries)).not.toContain(id);
  });
});

describe('a change stream after changes were erased', () => {
  it('has the same operations and keys', async () => {
    const project = await makeProject(app, sdl);
    const { changesCursor: after } = await project.data('{ changesCursor }');
    const id = await createPerson(project, 'ada@secret.example');
    const other = await createPerson(project, 'bob@open.example');
    await project.data('mutation ($id: ID!) { deletePerson(where: { id: $id }) { id } }', { id });
    expect(await erase(project, { model: 'Person', key: { id } })).toEqual({ count: 2 });
    const last = await createPerson(project, 'cid@open.example');
    const stream = await openConnection(
      'a WebSocket',
      project.endpoint,
      { apiKey: project.key },
      `subscription { personChanges(after: ${JSON.stringify(after)}) { operation id node { email } } }`,
    );
    await vi.waitFor(() => expect(JSON.stringify(stream.results)).toContain(last), {
      timeout: 10_000,
    });
    // The row was created and deleted after the cursor. A replica ignores the deletion of a row that it does not have.
    const events = stream.results.map(
      (result) => (result as { data: { personChanges: unknown } }).data.personChanges,
    );
    expect(events).toEqual(
      expect.arrayContaining([
        { operation: 'CREATED', id: other, node: { email: 'bob@open.example' } },
        { operation: 'CREATED', id: last, node: { email: 'cid@open.example' } },
      ]),
    );
    expect(JSON.stringify(events)).not.toContain('secret');
    stream.close();
  });

  it('sends RESET to callers with rules that the erased values decide', async () => {
    const project = await makeProject(
      app,
      `type Person @model @live @allow(to: [READ], as: PUBLIC, where: { open: { eq: true } }) {
        id: ID! @id  email: String!  open: Boolean!
      }`,
    );
    const apiKey = await createKey(app, project, { kind: 'PUBLISHABLE', scopes: ['data.read'] });
    const create = async (open: boolean) => {
      const data = await project.data(
        'mutation ($open: Boolean!) { createPerson(data: { email: "a@secret.example", open: $open }) { id } }',
        { open },
      );
      // The mutation selects this field.
      return (data as { createPerson: { id: string } }).createPerson.id;
    };
    const id = await create(true);
    const { changesCursor: after } = await project.data('{ changesCursor }');
    await project.data('mutation ($id: ID!) { deletePerson(where: { id: $id }) { id } }', { id });
    expect(await erase(project, { model: 'Person', key: { id } })).toEqual({ count: 2 });
    const follow = (key: string) =>
      openConnection(
        'a WebSocket',
        project.endpoint,
        { apiKey: key },
        `subscription { personChanges(after: ${JSON.stringify(after)}) { operation id } }`,
      );
    // A deletion would tell the caller that there was a row with this id.
    const caller = await follow(apiKey);
    await caller.reaches({ data: { personChanges: { operation: 'RESET', id: null } } });
    const server = await follow(project.key);
    await server.reaches({ data: { personChanges: { operation: 'DELETED', id } } });
    for (const each of [caller, server]) each.close();
  });
});
