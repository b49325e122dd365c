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

/** Prisma's own lock, so that `prisma migrate deploy` and this runner wait for each other. */
const advisoryLock = 72_707_369;
const lockTimeoutMs = 60_000;
const connectionTimeoutMs = 10_000;

/** What reading the history needs: a pool, or one connection. */
type Queryable = Pick<pg.Pool | pg.Client, 'query'>;

/**
 * Applies the migrations that the database does not have yet, each in a transaction of its own. Of
 * several gateways that start at once one applies, and the others wait. The records are Prisma's, so
 * `prisma migrate deploy` with `?schema=tessera` agrees.
 *
 * @param directory holds `<name>/migration.sql`
 * @returns the names of those it applied, in order
 * @throws MigrationError when one fails, was changed after it was applied, or is unknown here
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
  // A lost connection also rejects the query under way, and that is where it is handled.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await takeLock(client);
    await client.query(recordsTable);
    const pending = pendingOf(migrations, await readRecords(client));
    for (const migration of pending) {
      await apply(client, migration);
      logger.info({ migration: migration.name }, `Applied the migration ${migration.name}`);
    }
    return pending.map(({ name }) => name);
  } finally {
    // Ending the session also gives the lock back.
    await client.end();
  }
}

/**
 * The names of the migrations that the database does not have yet, in order; changes nothing.
 *
 * @throws MigrationError when the database and the files contradict each other
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

/** As the schema engine makes it. */
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
        'See what it does (pg_stat_activity), then start again.',
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
        `The database has the migration ${name}, which this version of Tessera does not know: it is of a ` +
          'newer version. Start that version, or restore a backup from before the upgrade.',
      );
    }
    if (finished_at === null) {
      throw new MigrationError(
        `The migration ${name} was begun by another tool and did not finish. Look at what it left, then ` +
          `mark it with \`prisma migrate resolve --rolled-back ${name}\`.`,
      );
    }
    if (!checksumMatches(migration, checksum)) {
      throw new MigrationError(
        `The migration ${name} was changed after it was applied to this database. ` +
          'Bring its file back to what it was, and put the change into a new migration.',
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
    // When the connection is lost there is nothing left to roll back.
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      `The migration ${migration.name} failed${lineOf(error, migration.sql)}, and nothing of it was kept: ${reason}`,
      { cause: error },
    );
  }
}

/** ` at line 12`, where PostgreSQL says at which character it stopped. */
function lineOf(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError) || error.position === undefined) return '';
  // PostgreSQL counts characters; so does Array.from, where a string's own indices count UTF-16 units.
  const before = Array.from(sql).slice(0, Number(error.position) - 1);
  return ` at line ${before.filter((character) => character === '\n').length + 1}`;
}
