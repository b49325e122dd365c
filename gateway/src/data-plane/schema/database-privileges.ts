import { commaList, literal, renderStandalone, sql } from '../../engine/migrations.ts';
import { toSchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';

/**
 * Functions that every role can execute by default. SQL that runs under a project role could use them to change its
 * role, affect other sessions, or fill the disk. They are matched by name because their arguments differ between
 * PostgreSQL versions.
 */
const closedFunctions = [
  'set_config',
  'pg_notify',
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_advisory_xact_lock',
  'pg_advisory_xact_lock_shared',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'pg_try_advisory_xact_lock',
  'pg_try_advisory_xact_lock_shared',
  'pg_sleep',
  'pg_sleep_for',
  'pg_sleep_until',
  'pg_cancel_backend',
  'pg_terminate_backend',
  'pg_export_snapshot',
  'pg_logical_emit_message',
  'lo_creat',
  'lo_create',
  'lo_from_bytea',
  'lo_put',
  'lo_open',
  'lowrite',
  'lo_import',
  'lo_export',
  'query_to_xml',
  'query_to_xmlschema',
  'query_to_xml_and_xmlschema',
];

/**
 * Revokes from PUBLIC the privileges that project roles must not have: to create temporary tables, to use the schema
 * `public`, and to call functions such as `set_config`. The gateway's own role keeps these privileges. This function
 * can be called repeatedly, and by several gateways at the same time. If the gateway's role owns neither the database
 * nor these functions, an administrator has to revoke the privileges. `findOpenPrivileges` lists the privileges that
 * have not been revoked.
 * @throws SchemaChangeError
 */
export async function closePrivileges(client: SqlClient): Promise<void> {
  try {
    await client.query(renderStandalone(closing));
  } catch (error) {
    throw toSchemaChangeError(error);
  }
}

/**
 * Lists the privileges that are still granted to every role, as messages for an operator. The list is empty if nothing
 * needs to be revoked. Call it when the gateway starts.
 */
export async function findOpenPrivileges(client: SqlClient): Promise<readonly string[]> {
  const { rows } = await client.query(openQuery, [closedFunctions]);
  return rows.map(({ problem }) => String(problem));
}

/** A single DO block is atomic. The lock is needed because concurrent changes to the same ACL fail. */
const closing = sql`DO $block$
DECLARE
  closed regprocedure;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('tessera:privileges', 0));
  IF has_database_privilege('public', current_database(), 'TEMPORARY')
    OR has_database_privilege('public', current_database(), 'CREATE') THEN
    EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT TEMPORARY, CREATE ON DATABASE %I TO CURRENT_USER', current_database());
  END IF;
  IF to_regnamespace('public') IS NOT NULL AND has_schema_privilege('public', 'public', 'USAGE') THEN
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT ALL ON SCHEMA public TO CURRENT_USER;
  END IF;
  FOR closed IN SELECT oid FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND proname = ANY (ARRAY[${commaList(closedFunctions.map((name) => literal(name)))}])
      AND has_function_privilege('public', oid, 'EXECUTE')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', closed);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO CURRENT_USER', closed);
  END LOOP;
END
$block$`;

const openQuery = `
  SELECT format('PUBLIC has the %s privilege on this database', privilege) AS problem
    FROM unnest(ARRAY['TEMPORARY', 'CREATE']) AS privilege
    WHERE has_database_privilege('public', current_database(), privilege)
  UNION ALL
  SELECT format('PUBLIC has access to the schema %s', nspname) FROM pg_namespace
    WHERE (nspname IN ('public', 'tessera') OR nspname ~ '^p_[a-z0-9]{16}$')
      AND has_schema_privilege('public', oid, 'USAGE, CREATE')
  UNION ALL
  SELECT format('PUBLIC can execute the function %s', oid::regprocedure) FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY ($1)
      AND has_function_privilege('public', oid, 'EXECUTE')
  UNION ALL
  SELECT format('the role %s has more privileges than access to its tables', rolname) FROM pg_roles
    WHERE rolname ~ '^r_[a-z0-9]{16}$'
      AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
        OR rolbypassrls OR EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid))`;
