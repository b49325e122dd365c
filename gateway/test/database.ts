import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, inject } from 'vitest';
import { createDatabase, type Database, type Db } from '../src/platform/db/database.ts';

/** One test file's database. It exists from `beforeAll` on. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly prisma: Db;
}

/**
 * Creates a database without data for the test file, and applies all migrations to it. The database is dropped at the
 * end, even if connections are still open. Call this at the top of the file.
 */
export function useTestDatabase(options: { readonly poolSize?: number } = {}): TestDatabase {
  let url: string | null = null;
  let database: Database | null = null;
  beforeAll(async () => {
    url = await createTestDatabase(inject('testServer').template);
    database = createDatabase({
      connectionString: url,
      poolSize: options.poolSize ?? 10,
      applicationName: 'tessera tests',
      logger: pino({ level: 'silent' }),
    });
  });
  afterAll(async () => {
    await database?.close();
    if (url !== null) await dropTestDatabase(url);
  });
  const ready = <T>(part: T | null): T => {
    if (part === null) throw new Error('The test database is only available from beforeAll on.');
    return part;
  };
  return {
    get url() {
      return ready(url);
    },
    get pool() {
      return ready(database).pool;
    },
    get prisma() {
      return ready(database).prisma;
    },
  };
}

/**
 * Creates an empty database for tests that apply the migrations themselves. It is dropped at the end of the run, or
 * earlier by `drop`.
 */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const url = await createTestDatabase('template0');
  return { url, drop: () => dropTestDatabase(url) };
}

async function createTestDatabase(template: string): Promise<string> {
  const { adminUrl, prefix } = inject('testServer');
  const name = `${prefix}${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function dropTestDatabase(url: string): Promise<void> {
  const name = pg.escapeIdentifier(new URL(url).pathname.slice(1));
  await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({
    connectionString: inject('testServer').adminUrl,
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
