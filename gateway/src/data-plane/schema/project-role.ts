import {
  ident,
  literal,
  renderStandalone,
  sql,
  type ProjectNames,
} from '../../engine/migrations.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';
import { createRole } from './project-schema.ts';

/** What a project's PostgreSQL role lacks, and what it has in excess. */
export interface RoleState {
  /** False if the role does not exist, the gateway cannot switch to it, or it cannot use its schema, a table or a sequence. */
  readonly isComplete: boolean;
  /** The attributes and privileges that no project role may have, in words for the operator. Usually empty. */
  readonly excess: readonly string[];
}

/**
 * Reads the state of a project's role from the system catalogs, in one statement. A role without a schema counts as
 * complete, because there is nothing that it could be granted.
 */
export async function inspectProjectRole(
  client: SqlClient,
  { schema, role }: Pick<ProjectNames, 'schema' | 'role'>,
): Promise<RoleState> {
  const { rows } = await client.query(inspection, [schema, role]);
  const [row] = rows;
  if (row === undefined) return { isComplete: true, excess: [] };
  // The query declares both types.
  return { isComplete: row['isComplete'] as boolean, excess: row['excess'] as string[] };
}

/**
 * Creates a project's role if it is missing, and grants it again what it needs. Dumps of a database contain neither
 * roles nor their memberships, and a restore without the roles loses the privileges on the tables. Several gateways can
 * call this function at the same time.
 *
 * @throws the error of PostgreSQL, such as SQLSTATE 42501 if the role exists and the gateway's user may not grant it
 *   (since PostgreSQL 16, this needs the ADMIN option)
 */
export async function restoreProjectRole(
  client: SqlClient,
  { schema, role }: Pick<ProjectNames, 'schema' | 'role'>,
): Promise<void> {
  await client.query(
    renderStandalone(sql`DO $block$
DECLARE
  missing record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(${literal(`tessera:role:${role}`)}, 0));
  IF to_regrole(${literal(`"${role}"`)}) IS NULL THEN
    ${createRole(role)};
  END IF;
  IF NOT pg_has_role(${literal(role)}, ${settable}) THEN
    IF current_setting('server_version_num')::int >= 160000 THEN
      EXECUTE ${literal(`GRANT "${role}" TO CURRENT_USER WITH SET TRUE`)};
    ELSE
      GRANT ${ident(role)} TO CURRENT_USER;
    END IF;
  END IF;
  GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(role)};
  FOR missing IN SELECT c.oid::regclass AS name, c.relkind AS kind FROM pg_class AS c
    WHERE c.relnamespace = ${literal(`"${schema}"`)}::regnamespace AND ${lacksPrivileges(sql`${literal(role)}`)}
  LOOP
    EXECUTE format(CASE missing.kind
      WHEN 'S' THEN ${literal(`GRANT USAGE, SELECT, UPDATE ON SEQUENCE %s TO "${role}"`)}
      ELSE ${literal(`GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO "${role}"`)} END, missing.name);
  END LOOP;
END
$block$`),
  );
}

/**
 * Finds the projects whose role is incomplete (see `RoleState`), in one statement for all projects.
 * @returns at most `limit` refs that follow `after` in alphabetical order
 */
export async function findIncompleteRoles(
  client: SqlClient,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const { rows } = await client.query(incomplete, [after, limit]);
  return rows.map(({ ref }) => String(ref));
}

/** The privilege for `pg_has_role` that allows SET ROLE. Since PostgreSQL 16, membership alone does not allow it. */
const settable = sql`CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END`;

/**
 * Whether the table or sequence `c` lacks one of the privileges for a role. Names of system tables begin with `$`, and
 * project roles have no access to them.
 */
const lacksPrivileges = (role: typeof settable) => sql`c.relname NOT LIKE '$%' AND CASE
      WHEN c.relkind IN ('r', 'p') THEN NOT (
        has_table_privilege(${role}, c.oid, 'SELECT') AND has_table_privilege(${role}, c.oid, 'INSERT')
        AND has_table_privilege(${role}, c.oid, 'UPDATE') AND has_table_privilege(${role}, c.oid, 'DELETE'))
      WHEN c.relkind = 'S' THEN NOT (
        has_sequence_privilege(${role}, c.oid, 'USAGE') AND has_sequence_privilege(${role}, c.oid, 'SELECT')
        AND has_sequence_privilege(${role}, c.oid, 'UPDATE'))
      ELSE false END`;

/** For the schema `n` and the role `r`, either of which can be null. */
const isIncomplete = sql`n.oid IS NOT NULL AND (r.oid IS NULL
    OR NOT pg_has_role(r.oid, ${settable})
    OR NOT has_schema_privilege(r.oid, n.oid, 'USAGE')
    OR EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = n.oid AND ${lacksPrivileges(sql`r.oid`)}))`;

/**
 * `pg_shdepend` lists what a role owns (deptype `o`) and what it has been granted (deptype `a`), in all databases.
 * Objects in other databases of the server are not this gateway's.
 */
const inspection = renderStandalone(sql`WITH here AS (
  SELECT oid FROM pg_database WHERE datname = current_database()
), dependency AS (
  SELECT d.* FROM pg_shdepend AS d, here
  WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = to_regrole(quote_ident($2::text))
    AND (d.dbid = here.oid OR (d.dbid = 0 AND (d.classid <> 'pg_database'::regclass OR d.objid = here.oid)))
)
SELECT NOT (${isIncomplete}) AS "isComplete",
  array_remove(ARRAY[
    CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
    CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN r.rolreplication THEN 'REPLICATION' END,
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
    CASE WHEN r.rolcanlogin THEN 'LOGIN' END,
    CASE WHEN EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)
      THEN 'membership in another role' END,
    CASE WHEN EXISTS (SELECT FROM dependency WHERE deptype = 'o')
      THEN 'ownership of objects' END,
    CASE WHEN EXISTS (SELECT FROM dependency AS d WHERE deptype = 'a'
        AND NOT (d.classid = 'pg_namespace'::regclass AND d.objid = n.oid)
        AND NOT (d.classid = 'pg_class'::regclass
          AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = d.objid AND c.relnamespace = n.oid)))
      THEN 'privileges outside of its schema' END,
    CASE WHEN has_schema_privilege(r.oid, n.oid, 'CREATE') THEN 'CREATE on its schema' END
  ], NULL) AS excess
FROM (VALUES (1)) AS one
  LEFT JOIN pg_namespace AS n ON n.nspname = $1
  LEFT JOIN pg_roles AS r ON r.rolname = $2`);

const incomplete = renderStandalone(sql`SELECT p.ref
FROM tessera.projects AS p
  JOIN pg_namespace AS n ON n.nspname = 'p_' || p.ref
  LEFT JOIN pg_roles AS r ON r.rolname = 'r_' || p.ref
WHERE p.ref > $1 AND ${isIncomplete}
ORDER BY p.ref LIMIT $2`);
