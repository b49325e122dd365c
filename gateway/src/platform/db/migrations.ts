import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Logger } from 'pino';
import { errorCode } from '../files/error-code.ts';
import {
  MigrationError,
  checksumMatches,
  readMigrations,
  type MigrationFile,
} from './migration-files.ts';

/** Prisma's lock, so that `prisma migrate deploy` and this runner wait for each other. */
const advisoryLock = 72_707_369;
const lockTimeoutMs = 60_000;
const connectionTimeoutMs = 10_000;

/** A pool or a single connection. */
type Queryable = Pick<pg.Pool | pg.Client, 'query'>;

/**
 * Applies the pending migrations, each in its own transaction. If several gateways start at once, one applies them and
 * the others wait. Migrations are recorded in Prisma's table, so that `prisma migrate deploy` with `?schema=tessera`
 * recognizes them.
 *
 * @param directory a folder with `<name>/migration.sql`
 * @returns the names of the applied migrations, in order
 * @throws MigrationError if a migration fails, was changed after it was applied, or is unknown to this version
 */
export async function applyMigrations(options: {
  readonly connectionString: string;
  readonly directory: string;
  readonly logger: Logger;
}): Promise<readonly string[]> {
  const { connectionString, directory, logger } = options;
  const migrations = await readMigrations(directory);
  const client = new pg.Client({
    connectionString,
    application_name: 'tessera migrations',
    connectionTimeoutMillis: connectionTimeoutMs,
  });
  // If the connection is lost, the running query also rejects, and that error is handled.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await takeLock(client);
    await client.query(recordsTable);
    const pending = pendingOf(migrations, await readRecords(client));
    for (const migration of pending) {
      await apply(client, migration);
      logger.info({ migration: migration.name }, `Applied migration ${migration.name}`);
    }
    return pending.map(({ name }) => name);
  } finally {
    // Ending the session also releases the lock.
    await client.end();
  }
}

/**
 * Returns the names of the pending migrations, in order. It does not change the database.
 *
 * @throws MigrationError if the recorded migrations do not match the files
 */
export async function pendingMigrations(options: {
  readonly db: Queryable;
  readonly directory: string;
}): Promise<readonly string[]> {
  const migrations = await readMigrations(options.directory);
  return pendingOf(migrations, await readRecords(options.db)).map(({ name }) => name);
}

interface MigrationRecord {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/** Identical to the table that Prisma's schema engine creates. */
const recordsTable = `
  CREATE SCHEMA IF NOT EXISTS tessera;
  CREATE TABLE IF NOT EXISTS tessera._prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

const tableMissing = '42P01';
const lockNotAvailable = '55P03';

async function takeLock(client: pg.Client): Promise<void> {
  await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
  } catch (error) {
    if (errorCode(error) !== lockNotAvailable) throw error;
    throw new MigrationError(
      `Another process has been migrating this database for more than ${lockTimeoutMs / 1000} s. ` +
        'Check its activity in pg_stat_activity, then start Tessera again.',
      { cause: error },
    );
  }
}

async function readRecords(db: Queryable): Promise<readonly MigrationRecord[]> {
  try {
    const { rows } = await db.query<MigrationRecord>(
      `SELECT migration_name, checksum, finished_at FROM tessera._prisma_migrations
       WHERE rolled_back_at IS NULL ORDER BY started_at`,
    );
    return rows;
  } catch (error) {
    if (errorCode(error) === tableMissing) return [];
    throw error;
  }
}

function pendingOf(
  migrations: readonly MigrationFile[],
  records: readonly MigrationRecord[],
): readonly MigrationFile[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished_at } of records) {
    const migration = byName.get(name);
    if (migration === undefined) {
      throw new MigrationError(
        `The database has the migration ${name}, which is not part of this version of Tessera. It comes from a ` +
          'newer version. Start the newer version, or restore a backup from before the upgrade.',
      );
    }
    if (finished_at === null) {
      throw new MigrationError(
        `The migration ${name} was started by another tool and did not complete. Undo its changes, then ` +
          `mark it as rolled back with \`prisma migrate resolve --rolled-back ${name}\`.`,
      );
    }
    if (!checksumMatches(migration, checksum)) {
      throw new MigrationError(
        `The migration ${name} was changed after it was applied to this database. ` +
          'Restore the file, and put the change in a new migration.',
      );
    }
  }
  const applied = new Set(records.map((record) => record.migration_name));
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.Client, migration: MigrationFile): Promise<void> {
  const startedAt = new Date();
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO tessera._prisma_migrations
         (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name, startedAt],
    );
    await client.query('COMMIT');
  } catch (error) {
    // If the connection is lost, the server has already rolled back.
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      `The migration ${migration.name} failed${lineOf(error, migration.sql)}, and was rolled back: ${reason}`,
      { cause: error },
    );
  }
}

/** Returns text such as ` at line 12` if PostgreSQL reports the error's position, and otherwise an empty string. */
function lineOf(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError) || error.position === undefined) return '';
  // PostgreSQL counts characters, like Array.from. The indices of a string count UTF-16 code units.
  const before = Array.from(sql).slice(0, Number(error.position) - 1);
  return ` at line ${before.filter((character) => character === '\n').length + 1}`;
}
