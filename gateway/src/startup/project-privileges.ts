import type pg from 'pg';
import { closePrivileges, findOpenPrivileges } from '../data-plane/schema.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { StartError } from './start-error.ts';

/**
 * Sees to what keeps projects apart in the database, before the first request: this gateway may make
 * schemas and roles, and no role may use what none should (temporary tables, the schema `public`,
 * functions such as `set_config`).
 *
 * Where the database's owner is somebody else, we cannot close all of that; then each thing that stands
 * open is logged for the operator, and the gateway starts: these are the second wall, behind the SQL that
 * the gateway itself writes (docs/decisions/0008).
 * @throws StartError when projects could not be made at all
 */
export async function closeToProjects(pool: pg.Pool, logger: Logger): Promise<void> {
  await requireRights(pool);
  await closePrivileges(pool);
  const open = await findOpenPrivileges(pool);
  if (open.length === 0) return;
  logger.warn(
    { open },
    'PostgreSQL lets the roles of projects do more than use their tables. Let the owner of the database close this (docs/decisions/0008)',
  );
}

async function requireRights(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{
    user: string;
    database: string;
    schemas: boolean;
    roles: boolean;
  }>(
    `SELECT current_user::text AS user, current_database()::text AS database,
       has_database_privilege(current_database(), 'CREATE') AS schemas,
       rolsuper OR rolcreaterole AS roles
     FROM pg_catalog.pg_roles WHERE rolname = current_user`,
  );
  const [rights] = rows;
  if (rights === undefined || (rights.schemas && rights.roles)) return;
  const missing = [
    ...(rights.roles ? [] : [`ALTER ROLE "${rights.user}" CREATEROLE`]),
    ...(rights.schemas
      ? []
      : [`GRANT CREATE ON DATABASE "${rights.database}" TO "${rights.user}"`]),
  ];
  throw new StartError(
    'Each project gets a schema and a role of its own in PostgreSQL, and the user of DATABASE_URL may ' +
      `not make them. Let an administrator run: ${missing.join('; ')}`,
  );
}
