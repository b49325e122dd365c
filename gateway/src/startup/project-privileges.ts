import type pg from 'pg';
import { closePrivileges, findOpenPrivileges } from '../data-plane/schema.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { StartError } from './start-error.ts';

/**
 * Before the first request, checks and sets the privileges that isolate projects in the database: the gateway can
 * create schemas and roles, and project roles cannot use temporary tables, the schema `public` or functions such as
 * `set_config`.
 *
 * If the gateway's user does not own the database, it cannot revoke all of these privileges. The gateway then logs the
 * remaining ones and starts, because they are only a second line of defense. The first line of defense is that the
 * gateway itself writes all SQL (docs/decisions/0008).
 * @throws StartError if the gateway cannot create projects
 */
export async function closeToProjects(pool: pg.Pool, logger: Logger): Promise<void> {
  await requireRights(pool);
  await closePrivileges(pool);
  const open = await findOpenPrivileges(pool);
  if (open.length === 0) return;
  logger.warn(
    { open },
    'Project roles have privileges in PostgreSQL that they do not need. Ask the database owner to revoke them (docs/decisions/0008)',
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
    'Tessera creates a PostgreSQL schema and role for each project, but the user of DATABASE_URL lacks the ' +
      `privileges to do so. Ask an administrator to run: ${missing.join('; ')}`,
  );
}
