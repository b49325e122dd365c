import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { applyMigrations } from '../src/platform/db/migrations.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';

/** The information that test files need to create databases. See database.ts. */
export interface TestServer {
  /** The URL of any database on the server. Its user can create databases. */
  readonly adminUrl: string;
  /** A database with all migrations applied and no data, from which test databases are cloned. */
  readonly template: string;
  /** The prefix of this run's database names. */
  readonly prefix: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

const logger = pino({ level: 'error' });
const migrations = join(import.meta.dirname, '../../prisma/migrations');

/** Runs once before the test files. The returned function runs after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given === undefined || given === '' ? await startTemporaryServer() : at(given);
  try {
    const run = await beginRun(server.url);
    const template = `${run.prefix}template`;
    await run.admin.query(`CREATE DATABASE ${template}`);
    const connectionString = withDatabase(server.url, template);
    await applyMigrations({ connectionString, directory: migrations, logger });
    project.provide('testServer', { adminUrl: server.url, template, prefix: run.prefix });
    return async () => {
      await run.end();
      await server.stop();
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

function at(url: string): Server {
  return { url, stop: () => Promise.resolve() };
}

/** Starts a server without durability, because its data is not needed after the run. */
async function startTemporaryServer(): Promise<Server> {
  await removeLeftovers();
  const directory = await mkdtemp(join(tmpdir(), `${directoryPrefix}${process.pid}-`));
  // When root runs the tests, PostgreSQL runs as another user, which must be able to traverse this folder.
  await chmod(directory, 0o711);
  const postgres = await startEmbeddedPostgres({
    directory,
    logger,
    temporary: true,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
    },
    onGivenUp: (lastWords) => logger.error(`PostgreSQL ended during the tests: ${lastWords}`),
  });
  const stop = async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { url: postgres.url, stop };
}

const directoryPrefix = 'tessera-test-';

/** Removes the folders of runs that were killed. A folder's name contains the run's process id. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${directoryPrefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    // Other users' folders cannot be removed.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that the process is running as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

interface Run {
  readonly prefix: string;
  readonly admin: pg.Client;
  end(): Promise<void>;
}

/**
 * The class of the advisory locks. Each run holds a lock with its number, so that other runs on a shared server can
 * detect that the run is active.
 */
const lockClass = 0x7e55;
const databasePrefix = 'tessera_test_';

async function beginRun(url: string): Promise<Run> {
  const admin = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  const number = randomInt(1, 2 ** 31);
  await admin.query('SELECT pg_advisory_lock($1, $2)', [lockClass, number]);
  await dropDatabasesOfDeadRuns(admin);
  const prefix = `${databasePrefix}${number}_`;
  const end = async () => {
    await dropDatabases(admin, (name) => name.startsWith(prefix));
    await admin.end();
  };
  return { prefix, admin, end };
}

async function dropDatabasesOfDeadRuns(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ objid: number }>(
    `SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND granted`,
    [lockClass],
  );
  const alive = new Set(rows.map(({ objid }) => objid));
  await dropDatabases(admin, (name) => {
    const number = new RegExp(`^${databasePrefix}(\\d+)_`).exec(name)?.[1];
    return number !== undefined && !alive.has(Number(number));
  });
}

async function dropDatabases(admin: pg.Client, chosen: (name: string) => boolean): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database');
  for (const { datname } of rows.filter((row) => chosen(row.datname))) {
    await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
