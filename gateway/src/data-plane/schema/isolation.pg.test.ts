import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { withProject, type EngineProject } from '../../../test/engine/project.ts';
import { closePrivileges, findOpenPrivileges } from './database-privileges.ts';
import { dropProjectSchema } from './project-schema.ts';

const database = useTestDatabase();

const tracker = await readFile(
  new URL('../../../test/examples/tracker.graphql', import.meta.url),
  'utf8',
);

const canary = 'canary-7d1f';

/** Creates two projects with the same schema, and a connection that has switched to the first project's role. */
async function withTwoProjects(
  work: (own: EngineProject, other: EngineProject) => Promise<void>,
): Promise<void> {
  await withProject(database.pool, async (own) => {
    await withProject(database.pool, async (other) => {
      for (const project of [own, other]) {
        await project.apply(tracker);
        await project.query(`INSERT INTO label (id, name) VALUES (gen_random_uuid(), $1)`, [
          project === other ? canary : 'own',
        ]);
      }
      await own.query(`SET ROLE "${own.names.role}"`);
      try {
        await work(own, other);
      } finally {
        await own.query('RESET ROLE');
      }
    });
  });
}

const refused = expect.objectContaining({ code: '42501' }) as unknown;

describe('a project role', () => {
  beforeAll(async () => {
    await closePrivileges(database.pool);
  });

  it('can read and write its own tables but not change them', async () => {
    await withTwoProjects(async (own) => {
      await own.query(`INSERT INTO label (id, name) VALUES (gen_random_uuid(), 'new')`);
      await own.query(`UPDATE label SET name = 'newer' WHERE name = 'new'`);
      await own.query(`DELETE FROM label WHERE name = 'newer'`);
      await own.query(`SELECT i.id FROM issue i JOIN "issue:labels:join" j ON j.issue_id = i.id`);
      for (const statement of [
        'TRUNCATE label',
        'DROP TABLE label',
        'ALTER TABLE label ADD COLUMN x int',
        'CREATE INDEX ON label (name)',
        'CREATE TABLE mine (id int)',
        'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
        'CREATE TRIGGER x BEFORE INSERT ON label EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()',
      ]) {
        await expect(own.query(statement), statement).rejects.toEqual(refused);
      }
      // Here, PostgreSQL emits only a warning and grants nothing.
      await own.query('GRANT SELECT ON label TO PUBLIC');
      expect(
        await own.query(`SELECT has_table_privilege('public', 'label', 'SELECT') AS open`),
      ).toEqual([{ open: false }]);
    });
  });

  it("cannot access other projects, Tessera's tables or the server", async () => {
    await withTwoProjects(async (own, other) => {
      const { schema, role } = other.names;
      const statements = [
        `SELECT * FROM "${schema}".label`,
        `INSERT INTO "${schema}".label (id, name) VALUES (gen_random_uuid(), 'x')`,
        `UPDATE "${schema}".label SET name = 'x'`,
        `DELETE FROM "${schema}".label`,
        `DO $$ BEGIN LOCK TABLE "${schema}".label IN ACCESS SHARE MODE; END $$`,
        `SELECT '"${schema}".label'::regclass::text, table_to_xml('"${schema}".label', true, true, '')`,
        'SELECT * FROM tessera.users',
        'SELECT * FROM tessera.api_keys',
        'SELECT * FROM pg_authid',
        'SELECT * FROM pg_shadow',
        'CREATE TEMP TABLE x (id int)',
        'CREATE SCHEMA mine',
        'CREATE TABLE public.x (id int)',
        `SELECT set_config('role', '${role}', false)`,
        `SELECT set_config('search_path', '${schema}', false)`,
        'SELECT pg_advisory_lock(1)',
        `SELECT pg_notify('x', 'y')`,
        'SELECT pg_sleep(0)',
        'SELECT pg_terminate_backend(1)',
        `SELECT pg_read_file('/etc/passwd')`,
        `SELECT pg_read_binary_file('/etc/passwd')`,
        `SELECT pg_ls_dir('/')`,
        `SELECT pg_stat_file('/etc/passwd')`,
        `SELECT lo_import('/etc/passwd')`,
        `SELECT lo_export(1, '/tmp/x')`,
        'SELECT lo_create(0)',
        `COPY label TO '/tmp/x'`,
        `COPY label FROM '/etc/passwd'`,
        `COPY label TO PROGRAM 'true'`,
        `COPY label FROM PROGRAM 'echo'`,
        `CREATE EXTENSION dblink`,
        `ALTER SYSTEM SET work_mem = '1GB'`,
        `ALTER ROLE "${role}" LOGIN`,
        `CREATE ROLE mine`,
        `SELECT pg_reload_conf()`,
        `SELECT query_to_xml('SELECT * FROM "${schema}".label', true, true, '')`,
      ];
      for (const statement of statements) {
        await expect(own.query(statement), statement).rejects.toEqual(refused);
      }
    });
  });

  it("draws numbers from its own sequences, and can neither read nor move another project's", async () => {
    await withTwoProjects(async (own, other) => {
      await own.query('RESET ROLE');
      for (const project of [own, other]) {
        await project.apply(`${tracker} type Ticket @model { id: Int! @id }`);
      }
      await other.query(`SELECT setval('"ticket:id:seq"', 4711)`);
      await own.query(`SET ROLE "${own.names.role}"`);
      const insert = 'INSERT INTO ticket DEFAULT VALUES RETURNING id';
      expect(await own.query(insert)).toEqual([{ id: 1 }]);
      await own.query(`SELECT setval('"ticket:id:seq"', 7)`);
      expect(await own.query(insert)).toEqual([{ id: 8 }]);
      const theirs = `"${other.names.schema}"."ticket:id:seq"`;
      for (const statement of [
        `SELECT nextval('${theirs}')`,
        `SELECT setval('${theirs}', 1)`,
        `SELECT currval('${theirs}')`,
        `SELECT last_value FROM ${theirs}`,
        `ALTER SEQUENCE ${theirs} RESTART`,
        `DROP SEQUENCE ${theirs}`,
        `ALTER SEQUENCE "ticket:id:seq" RESTART`,
        `ALTER SEQUENCE "ticket:id:seq" OWNED BY NONE`,
        `CREATE SEQUENCE mine`,
      ]) {
        await expect(own.query(statement), statement).rejects.toEqual(refused);
      }
      const positions = await own.query(
        'SELECT last_value FROM pg_sequences WHERE schemaname = $1 AND last_value IS NOT NULL',
        [other.names.schema],
      );
      expect(positions).toEqual([]);
      expect(await other.query('SELECT last_value::int FROM "ticket:id:seq"')).toEqual([
        { last_value: 4711 },
      ]);
    });
  });

  it("cannot find another project's data in statistics", async () => {
    await withTwoProjects(async (own, other) => {
      await other.query('ANALYZE label');
      const { rows } = await own.client.query<{ found: string }>(
        `SELECT string_agg(s::text, ' ') AS found FROM pg_stats AS s`,
      );
      expect(rows[0]?.found ?? '').not.toContain(canary);
    });
  });

  it('cannot log in', async () => {
    await withTwoProjects(async (own) => {
      const { rows } = await database.pool.query(
        'SELECT rolcanlogin, rolsuper, rolinherit FROM pg_roles WHERE rolname = $1',
        [own.names.role],
      );
      expect(rows).toEqual([{ rolcanlogin: false, rolsuper: false, rolinherit: false }]);
    });
  });
});

describe('database privileges', () => {
  it('are reported if every role has them, and are no longer reported after they are revoked', async () => {
    const client = await database.pool.connect();
    try {
      await client.query(
        'GRANT TEMPORARY ON DATABASE ' + (await databaseName(client)) + ' TO PUBLIC',
      );
      await client.query('GRANT USAGE ON SCHEMA public TO PUBLIC');
      await client.query('GRANT EXECUTE ON FUNCTION set_config TO PUBLIC');
      expect(await findOpenPrivileges(client)).toEqual([
        'PUBLIC has the TEMPORARY privilege on this database',
        'PUBLIC has access to the schema public',
        'PUBLIC can execute the function set_config(text,text,boolean)',
      ]);
      await Promise.all([
        closePrivileges(client),
        closePrivileges(database.pool),
        closePrivileges(database.pool),
      ]);
      expect(await findOpenPrivileges(client)).toEqual([]);
      await closePrivileges(client);
    } finally {
      client.release();
    }
  });

  it('are reported for a project role that has too many privileges', async () => {
    await withProject(database.pool, async (project) => {
      expect(await findOpenPrivileges(project.client)).toEqual([]);
      await project.query(`ALTER ROLE "${project.names.role}" LOGIN`);
      expect(await findOpenPrivileges(project.client)).toEqual([
        `the role ${project.names.role} has more privileges than access to its tables`,
      ]);
    });
  });
});

describe('dropProjectSchema', () => {
  it('drops everything, can be repeated, and continues after an interruption', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(tracker);
      const { schema, role } = project.names;
      await project.query(`DROP TABLE "issue:labels:join"`);
      await dropProjectSchema(project.client, project.names);
      await dropProjectSchema(project.client, project.names);
      const { rows } = await database.pool.query(
        `SELECT nspname AS name FROM pg_namespace WHERE nspname = $1
         UNION ALL SELECT rolname FROM pg_roles WHERE rolname = $2`,
        [schema, role],
      );
      expect(rows).toEqual([]);
    });
  });
});

async function databaseName(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT quote_ident(current_database()) AS name',
  );
  return rows[0]?.name ?? '';
}
