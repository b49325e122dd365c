import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { useApp } from '../../test/app.ts';
import { makeProject, type TestProject } from '../../test/project-api.ts';
import { projectNames } from '../engine/migrations.ts';
import { restoreProjectRoles } from '../startup/project-roles.ts';

const app = useApp();
const logger = pino({ level: 'silent' });
const sdl = 'type Note @model { id: ID! @id  text: String! @unique }';
const create = (text: string) => `mutation { createNote(data: { text: "${text}" }) { text } }`;
const read = '{ notes { nodes { text } } }';

let project: TestProject;
let role: string;

beforeEach(async () => {
  project = await makeProject(app, sdl);
  ({ role } = projectNames(project.ref));
  await project.data(create('first'));
});

/** Brings the project into the state after a restore from a dump, which contains no roles. */
const dropRole = (name: string) =>
  app.database.pool.query(`DROP OWNED BY "${name}"; DROP ROLE "${name}"`);

const codesOf = async (query: string) =>
  (await project.ask(query)).errors?.map(({ extensions }) => extensions?.['code']);

describe('the API of a project whose role is missing', () => {
  it('restores the role at the first query', async () => {
    await dropRole(role);
    expect(await project.data(read)).toEqual({ notes: { nodes: [{ text: 'first' }] } });
  });

  it('restores the role at the first mutation, which runs once', async () => {
    await dropRole(role);
    await project.data(create('second'));
    await dropRole(role);
    await project.data(`mutation {
      a: createNote(data: { text: "third" }) { id } b: createNote(data: { text: "fourth" }) { id }
    }`);
    expect(await project.data('{ notes(orderBy: [{ text: ASC }]) { nodes { text } } }')).toEqual({
      notes: { nodes: ['first', 'fourth', 'second', 'third'].map((text) => ({ text })) },
    });
  });

  it('restores privileges that were revoked while connections use the role', async () => {
    await app.database.pool.query(`DROP OWNED BY "${role}"`);
    expect(await project.data(read)).toEqual({ notes: { nodes: [{ text: 'first' }] } });
  });

  it('restores the privileges on sequences', async () => {
    await project.deploy(`${sdl} type Ticket @model { id: Int! @id  title: String! }`);
    const createTicket = 'mutation { createTicket(data: { title: "t" }) { id } }';
    await project.data(createTicket);
    await dropRole(role);
    expect(await project.data(createTicket)).toEqual({ createTicket: { id: 2 } });
  });

  it('accepts a new schema', async () => {
    await dropRole(role);
    await project.deploy(`${sdl} type Tag @model { id: ID! @id  name: String! }`);
    expect(await project.data('{ tags { nodes { name } } notes { nodes { text } } }')).toEqual({
      tags: { nodes: [] },
      notes: { nodes: [{ text: 'first' }] },
    });
  });

  it('returns a masked server error, not BAD_USER_INPUT, if the role has to be refused', async () => {
    const other = await makeProject(app, sdl);
    await dropRole(role);
    // The role is missing for the connection, and must not be used after it was created with too many privileges.
    await app.database.pool.query(`CREATE ROLE "${role}" NOLOGIN CREATEROLE`);
    await app.database.pool.query(`REVOKE ALL ON SCHEMA tessera FROM "${role}"`);
    try {
      const { errors } = await project.ask(read);
      expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual([
        'INTERNAL_SERVER_ERROR',
      ]);
      expect(JSON.stringify(errors)).not.toContain(role);
      expect(await codesOf(create('refused'))).toEqual(['INTERNAL_SERVER_ERROR']);
      expect(await other.data(read)).toEqual({ notes: { nodes: [] } });
    } finally {
      await app.database.pool.query(`ALTER ROLE "${role}" NOCREATEROLE`);
    }
    expect(await project.data(read)).toEqual({ notes: { nodes: [{ text: 'first' }] } });
  });
});

describe('the roles of all projects', () => {
  it('are restored after the start, and only those that need it', async () => {
    const { pool } = app.database;
    const { signal } = new AbortController();
    const others = [await makeProject(app, sdl), await makeProject(app, sdl)];
    await restoreProjectRoles({ pool, logger }, signal);
    for (const { ref } of others) await dropRole(projectNames(ref).role);
    expect(await restoreProjectRoles({ pool, logger }, signal)).toEqual({
      restored: 2,
      failed: 0,
      examples: [],
    });
    expect(await restoreProjectRoles({ pool, logger }, signal)).toMatchObject({ restored: 0 });
    for (const other of others) expect(await other.data(read)).toEqual({ notes: { nodes: [] } });
  });
});
