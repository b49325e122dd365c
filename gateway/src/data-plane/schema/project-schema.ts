import { commaList, ident, renderStandalone, sql, type Sql } from '../../engine/migrations.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import { toSchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from './sql-client.ts';

/**
 * Makes a project's PostgreSQL schema and role. The role cannot sign in and owns nothing; the gateway's
 * own role may become it. Tables are granted to it one by one, as plans create them. Call it within the
 * transaction that makes the project.
 *
 * @throws SchemaChangeError
 */
export async function createProjectSchema(
  client: SqlClient,
  { schema, role }: ProjectNames,
): Promise<void> {
  await run(client, [
    sql`CREATE ROLE ${ident(role)} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT`,
    // Without it, only a superuser could `SET ROLE` to it.
    sql`GRANT ${ident(role)} TO CURRENT_USER`,
    sql`CREATE SCHEMA ${ident(schema)}`,
    sql`REVOKE ALL ON SCHEMA ${ident(schema)} FROM PUBLIC`,
    sql`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(role)}`,
  ]);
}

/** So few that their locks, and those of their indexes, fit beside everybody else's. */
const tablesPerTransaction = 20;

/**
 * Drops a project's schema with everything in it, and its role. In steps, each of which can be repeated:
 * a crash between them leaves a part, and calling it again drops the rest. Not to be called within a
 * transaction.
 *
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
    sql`DROP ROLE IF EXISTS ${ident(role)}`,
  ]);
}

async function someTables(client: SqlClient, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query(
    `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = $1 LIMIT $2`,
    [schema, tablesPerTransaction],
  );
  return rows.map(({ name }) => String(name));
}

/** Waits at most 10 s for those that still use a table. */
async function inTransaction(client: SqlClient, statements: readonly Sql[]): Promise<void> {
  await run(client, [sql`BEGIN`]);
  try {
    await run(client, [sql`SET LOCAL lock_timeout = '10s'`, ...statements, sql`COMMIT`]);
  } catch (error) {
    // A lost connection has nothing left to roll back.
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
