import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import {
  createCanaryProjects,
  dropCanaryProjects,
  type CanaryProject,
} from '../../../test/engine/canary-projects.ts';
import { dropProjectSchema } from '../schema.ts';
import { inspectProjectRole } from '../schema/project-role.ts';
import { ProjectRoleError } from './project-role-error.ts';
import { createProjectRoles, type ProjectRoles } from './project-roles.ts';

const database = useTestDatabase();
const logger = pino({ level: 'silent' });

let project: CanaryProject;
let neighbour: CanaryProject;
let statements: string[];
let roles: ProjectRoles;
let now: number;

/** The gateway's connection, which records the statements. */
const client = {
  query: (text: string, values?: unknown[]) => {
    statements.push(text);
    return database.pool.query<Record<string, unknown>>(text, values);
  },
};

beforeEach(async () => {
  const [first, second] = await createCanaryProjects(database.pool, 2);
  if (first === undefined || second === undefined) throw new Error('Expected two projects.');
  project = first;
  neighbour = second;
  statements = [];
  now = 1;
  roles = createProjectRoles({ client, logger, now: () => now });
});

afterEach(() => dropCanaryProjects(database.pool, [project, neighbour]));

/** Returns what the project's role reads. */
async function readAsProject(pool: pg.Pool = database.pool): Promise<unknown> {
  const own = await pool.connect();
  try {
    await own.query(`SET ROLE "${project.role}"`);
    const { rows } = await own.query<{ json_agg: string }>(project.readNotes);
    return rows[0]?.json_agg;
  } finally {
    own.release(true);
  }
}

const canaryOf = (of: CanaryProject) => JSON.stringify([of.canary]);

describe('a project role', () => {
  it('is checked once in ten minutes, also by concurrent requests', async () => {
    await Promise.all([roles.ensure(project), roles.ensure(project)]);
    await roles.ensure(project);
    expect(statements).toHaveLength(1);
    now += 10 * 60_000 + 1;
    await roles.ensure(project);
    expect(statements).toHaveLength(2);
    await roles.restore(project);
    expect(statements).toHaveLength(3);
  });

  it('is created again if it is missing, with its privileges', async () => {
    await database.pool.query(`DROP OWNED BY "${project.role}"; DROP ROLE "${project.role}"`);
    await Promise.all([
      roles.ensure(project),
      createProjectRoles({ client, logger }).ensure(project),
    ]);
    expect(await readAsProject()).toBe(canaryOf(project));
    expect(await inspectProjectRole(client, project)).toEqual({ isComplete: true, excess: [] });
  });

  it.each([
    ['the schema', () => `REVOKE USAGE ON SCHEMA "${project.schema}" FROM "${project.role}"`],
    ['a table', () => `REVOKE DELETE ON "${project.schema}".note FROM "${project.role}"`],
    [
      'a sequence',
      () => `REVOKE UPDATE ON SEQUENCE "${project.schema}".note_id_seq FROM "${project.role}"`,
    ],
  ])('gets its privileges on %s again', async (_what, revoke) => {
    await database.pool.query(revoke());
    expect(await inspectProjectRole(client, project)).toEqual({ isComplete: false, excess: [] });
    await roles.ensure(project);
    expect(await inspectProjectRole(client, project)).toEqual({ isComplete: true, excess: [] });
  });

  it('gets no access to system tables, whose names begin with $', async () => {
    await database.pool.query(
      `CREATE TABLE "${project.schema}"."$accounts" (id int);
       REVOKE USAGE ON SCHEMA "${project.schema}" FROM "${project.role}"`,
    );
    await roles.ensure(project);
    const { rows } = await database.pool.query<{ granted: boolean }>(
      `SELECT has_table_privilege($1, $2, 'SELECT') AS granted`,
      [project.role, `"${project.schema}"."$accounts"`],
    );
    expect(rows).toEqual([{ granted: false }]);
  });

  it.each<[excess: string, make: () => string]>([
    ['SUPERUSER', () => `ALTER ROLE "${project.role}" SUPERUSER`],
    ['CREATEROLE', () => `ALTER ROLE "${project.role}" CREATEROLE`],
    ['CREATEDB', () => `ALTER ROLE "${project.role}" CREATEDB`],
    ['REPLICATION', () => `ALTER ROLE "${project.role}" REPLICATION`],
    ['BYPASSRLS', () => `ALTER ROLE "${project.role}" BYPASSRLS`],
    ['LOGIN', () => `ALTER ROLE "${project.role}" LOGIN`],
    ['membership in another role', () => `GRANT pg_read_all_data TO "${project.role}"`],
    [
      'ownership of objects',
      () =>
        `CREATE TABLE "${project.schema}".own (id int); ALTER TABLE "${project.schema}".own OWNER TO "${project.role}"`,
    ],
    [
      'privileges outside of its schema',
      () => `GRANT SELECT ON "${neighbour.schema}".note TO "${project.role}"`,
    ],
    [
      'privileges outside of its schema',
      () => `GRANT USAGE ON SEQUENCE "${neighbour.schema}".note_id_seq TO "${project.role}"`,
    ],
    [
      'privileges outside of its schema',
      () => `GRANT USAGE ON SCHEMA tessera TO "${project.role}"`,
    ],
    [
      'CREATE on its schema',
      () => `GRANT CREATE ON SCHEMA "${project.schema}" TO "${project.role}"`,
    ],
  ])('with %s makes its project unavailable, but no other', async (excess, make) => {
    await database.pool.query(make());
    const { excess: found } = await inspectProjectRole(client, project);
    expect(found).toContain(excess);
    await expect(roles.ensure(project)).rejects.toThrow(ProjectRoleError);
    await expect(roles.ensure(project)).rejects.toThrow(`but has: ${found.join(', ')}`);
    await roles.ensure(neighbour);
    await database.pool.query(
      `ALTER ROLE "${project.role}" NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS NOLOGIN;
       DROP OWNED BY "${project.role}"; REVOKE pg_read_all_data FROM "${project.role}"`,
    );
    // The next request checks again, because a failure is not cached.
    await roles.ensure(project);
    expect(await readAsProject()).toBe(canaryOf(project));
  });
});

describe('a gateway whose user is not a superuser', () => {
  let owner: string;
  let pool: pg.Pool;

  beforeEach(async () => {
    owner = `tessera_test_${randomBytes(6).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    await database.pool.query(
      `CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD '${password}';
       ALTER SCHEMA "${project.schema}" OWNER TO ${owner}; ALTER TABLE "${project.schema}".note OWNER TO ${owner}`,
    );
    const url = new URL(database.url);
    url.username = owner;
    url.password = password;
    pool = new pg.Pool({ connectionString: url.href, max: 2, connectionTimeoutMillis: 5_000 });
    roles = createProjectRoles({ client: pool, logger });
  });

  const serverVersion = async (): Promise<number> => {
    const { rows } = await database.pool.query<{ n: number }>(
      `SELECT current_setting('server_version_num')::int AS n`,
    );
    return rows[0]?.n ?? 0;
  };

  afterEach(async () => {
    await pool.end();
    await database.pool.query(
      `REASSIGN OWNED BY ${owner} TO CURRENT_USER; DROP OWNED BY ${owner};
       DROP OWNED BY "${project.role}"; DROP ROLE "${project.role}"; DROP ROLE ${owner}`,
    );
  });

  it('creates a missing role and can then switch to it', async () => {
    await database.pool.query(`DROP OWNED BY "${project.role}"; DROP ROLE "${project.role}"`);
    await roles.ensure(project);
    expect(await readAsProject(pool)).toBe(canaryOf(project));
  });

  it('grants itself SET on a role of which it only has ADMIN, as after a dump of a newer version', async () => {
    // Memberships have no options before PostgreSQL 16.
    const options = (await serverVersion()) >= 160_000 ? 'ADMIN TRUE, SET FALSE' : 'ADMIN OPTION';
    await database.pool.query(`GRANT "${project.role}" TO ${owner} WITH ${options}`);
    await roles.ensure(project);
    expect(await readAsProject(pool)).toBe(canaryOf(project));
  });

  it('drops the schema of a role that it may not drop', async () => {
    await dropProjectSchema(pool, project);
    const { rows } = await pool.query(
      `SELECT to_regnamespace($1) IS NOT NULL AS schema, to_regrole($2) IS NOT NULL AS role`,
      [`"${project.schema}"`, `"${project.role}"`],
    );
    const isVersion15 = (await serverVersion()) < 160_000;
    expect(rows).toEqual([{ schema: false, role: !isVersion15 }]);
    if (isVersion15) await database.pool.query(`CREATE ROLE "${project.role}"`);
  });

  it('explains which statement an administrator has to run if it may not grant the role', async () => {
    // Before PostgreSQL 16, CREATEROLE allows granting every role.
    if ((await serverVersion()) < 160_000) return;
    await expect(roles.ensure(project)).rejects.toThrow(`GRANT "${project.role}" TO`);
    await database.pool.query(`GRANT "${project.role}" TO ${owner} WITH ADMIN OPTION`);
    await roles.ensure(project);
    expect(await readAsProject(pool)).toBe(canaryOf(project));
  });
});
