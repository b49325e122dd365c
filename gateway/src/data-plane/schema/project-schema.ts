import { commaList, ident, renderStandalone, sql, type Sql } from '../../engine/migrations.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import { toSchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';

/**
 * Creates a project's PostgreSQL schema and role. The role cannot log in and owns nothing, and the gateway's role can
 * switch to it. Plans grant it each table that they create. Call this in the transaction that creates the project.
 * @throws SchemaChangeError
 */
export async function createProjectSchema(
  client: SqlClient,
  { schema, role }: ProjectNames,
): Promise<void> {
  await run(client, [
    createRole(role),
    // Without this grant, only a superuser could switch to the role.
    sql`GRANT ${ident(role)} TO CURRENT_USER`,
    sql`CREATE SCHEMA ${ident(schema)}`,
    sql`REVOKE ALL ON SCHEMA ${ident(schema)} FROM PUBLIC`,
    sql`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(role)}`,
  ]);
}

/** The statement that creates a project's role. */
export const createRole = (role: string): Sql =>
  sql`CREATE ROLE ${ident(role)} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT`;

/** The number is small enough that the locks on the tables and their indexes fit in the lock table. */
const tablesPerTransaction = 20;

/**
 * Drops a project's schema with all its objects, and its role. The work is done in several transactions. If it is
 * interrupted, call it again to drop the rest. Do not call it in a transaction. A role that the gateway's user may not
 * drop is left: see `droppableRoles`.
 * @throws SchemaChangeError
 */
export async function dropProjectSchema(
  client: SqlClient,
  { schema, role }: ProjectNames,
): Promise<void> {
  for (let tables = await someTables(client, schema); tables.length > 0;) {
    const names = tables.map((table) => ident(schema, table));
    await inTransaction(client, [sql`DROP TABLE IF EXISTS ${commaList(names)} CASCADE`]);
    tables = await someTables(client, schema);
  }
  await inTransaction(client, [
    sql`DROP SCHEMA IF EXISTS ${ident(schema)} CASCADE`,
    ...((await mayDrop(client, role)) ? [sql`DROP ROLE ${ident(role)}`] : []),
  ]);
}

/**
 * A query for the names of the projects' roles that the gateway's user may drop. Since PostgreSQL 16, CREATEROLE is not
 * enough: the user needs the ADMIN option on the role. It lacks the option if a superuser restored the role from a dump.
 */
export const droppableRoles = `SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname LIKE 'r\\_%'
    AND (current_setting('server_version_num')::int < 160000 OR pg_has_role(oid, 'MEMBER WITH ADMIN OPTION'))`;

async function mayDrop(client: SqlClient, role: string): Promise<boolean> {
  const { rows } = await client.query(`SELECT FROM (${droppableRoles}) AS r WHERE rolname = $1`, [
    role,
  ]);
  return rows.length > 0;
}

async function someTables(client: SqlClient, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query(
    `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = $1 LIMIT $2`,
    [schema, tablesPerTransaction],
  );
  return rows.map(({ name }) => String(name));
}

/** Waits at most 10 s for locks on tables that are in use. */
async function inTransaction(client: SqlClient, statements: readonly Sql[]): Promise<void> {
  await run(client, [sql`BEGIN`]);
  try {
    await run(client, [sql`SET LOCAL lock_timeout = '10s'`, ...statements, sql`COMMIT`]);
  } catch (error) {
    // If the connection was lost, there is nothing to roll back.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function run(client: SqlClient, statements: readonly Sql[]): Promise<void> {
  for (const statement of statements) {
    try {
      await client.query(renderStandalone(statement));
    } catch (error) {
      throw toSchemaChangeError(error);
    }
  }
}
