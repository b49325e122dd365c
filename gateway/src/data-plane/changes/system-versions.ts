import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import {
  changeLogSet,
  ident,
  literal,
  projectNames,
  renderStandalone,
  sql,
  systemNames,
  type SystemSet,
} from '../../engine/migrations.ts';
import { createBoundedWork } from '../../platform/bounded-work.ts';
import { growingUpTo } from '../../platform/cache/growing-cache.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { projectLock } from '../schema/project-lock.ts';

/** The system tables of a project have a version with which this gateway cannot work. */
export class SystemVersionError extends RequestError<'OVERLOADED'> {
  constructor(cause?: unknown) {
    super(
      'OVERLOADED',
      'Another version of Tessera maintains the system tables of this project. Try again when all gateways are upgraded.',
      { retryAfterSeconds: 10, cause },
    );
  }
}

/** The system tables must be upgraded before this gateway can use them. */
export class OutdatedSystemTables extends Error {}

/** Checks the versions of system tables when they are used, and upgrades those that are older. */
export interface SystemVersions {
  /**
   * Called with the version that a project has. If this gateway can work with an older version, it is upgraded in the
   * background.
   * @param version null if there are no tables
   * @throws SystemVersionError, or OutdatedSystemTables
   */
  admit(ref: string, version: number | null): void;
  /** @throws SystemVersionError if the tables cannot be upgraded now */
  upgrade(ref: string): Promise<void>;
}

export interface SystemVersionsOptions {
  /** @default `changeLogSet` */
  readonly set?: SystemSet;
  /** Maximum time to wait for each lock, in milliseconds. @default 2000 */
  readonly lockTimeoutMs?: number;
  /** @default nothing is logged */
  readonly logger?: Logger;
}

/** Few upgrades run at once, so that a new version of Tessera does not burden the database. */
const upgradeLimits = { concurrency: 2, maxWaiting: 100, maxWaitMs: 5_000 };
const statementTimeoutMs = 60_000;
/** An upgrade in the background that failed is tried again after this time. */
const retryAfterMs = 60_000;

export function createSystemVersions(
  pool: pg.Pool,
  { set = changeLogSet, lockTimeoutMs = 2_000, logger }: SystemVersionsOptions = {},
): SystemVersions {
  const bounded = createBoundedWork(upgradeLimits);
  const attempts = new LRUCache<string, true>({ ...growingUpTo(10_000), ttl: retryAfterMs });

  const run = async (ref: string): Promise<void> => {
    const client = await pool.connect();
    let broken = false;
    // Without a listener, a connection that is lost between two statements would end the process. The next one fails.
    const ignore = () => undefined;
    client.on('error', ignore);
    try {
      await client.query(
        `BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = ${statementTimeoutMs}`,
      );
      const { schema } = projectNames(ref);
      await client.query(renderStandalone(projectLock(schema)));
      await prepareSystemTables(client, schema, set);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => (broken = true));
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  };

  const upgradeLater = (ref: string): void => {
    if (attempts.has(ref)) return;
    attempts.set(ref, true);
    bounded(() => run(ref)).catch((error: unknown) => {
      logger?.warn({ err: error, ref }, 'Could not upgrade system tables. Retrying later');
    });
  };

  return {
    admit(ref, version) {
      if (version === null) return;
      if (version > set.version + 1) throw new SystemVersionError();
      if (version < set.version - 1) throw new OutdatedSystemTables('The system tables are old.');
      if (version < set.version) upgradeLater(ref);
    },
    async upgrade(ref) {
      try {
        await bounded(() => run(ref));
      } catch (error) {
        throw error instanceof SystemVersionError ? error : new SystemVersionError(error);
      }
    },
  };
}

/**
 * Upgrades the system tables of a project if they exist and are older. The transaction has the lock of the project.
 * @throws SystemVersionError if this gateway cannot work with their version, or the error of the database
 */
export async function prepareSystemTables(
  client: SqlClient,
  schema: string,
  set: SystemSet = changeLogSet,
): Promise<void> {
  const versions = ident(schema, systemNames.versions);
  const known = await client.query(
    renderStandalone(
      sql`SELECT 1 AS one WHERE to_regclass(${literal(renderStandalone(versions))}) IS NOT NULL`,
    ),
  );
  if (known.rows.length === 0) return;
  const { rows } = await client.query(
    renderStandalone(
      sql`SELECT version FROM ${versions} WHERE name = ${literal(set.name)} FOR UPDATE`,
    ),
  );
  // The column is an `int`.
  const version = rows[0]?.['version'] as number | undefined;
  if (version === undefined || version === set.version) return;
  if (version > set.version + 1) throw new SystemVersionError();
  const project = projectNames(schema.slice('p_'.length));
  for (let next = version + 1; next <= set.version; next += 1) {
    const statements = set.upgrades.get(next);
    if (statements === undefined) throw new SystemVersionError();
    for (const statement of statements(project)) await client.query(renderStandalone(statement));
  }
  if (version < set.version) {
    await client.query(
      renderStandalone(
        sql`UPDATE ${versions} SET version = ${literal(set.version)} WHERE name = ${literal(set.name)}`,
      ),
    );
  }
}
