import pg from 'pg';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { createDatabase, type Database, type DatabaseOptions } from './database.ts';

const server = useTestDatabase();

const opened: Database[] = [];

function open(options: Partial<DatabaseOptions> = {}): Database {
  const database = createDatabase({
    connectionString: server.url,
    poolSize: 2,
    applicationName: 'the test',
    logger: pino({ level: 'silent' }),
    ...options,
  });
  opened.push(database);
  return database;
}

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

/** Returns the value of a setting on the connection. */
async function setting(database: Database, name: string): Promise<string> {
  const { rows } = await database.pool.query<{ value: string }>(
    'SELECT current_setting($1) AS value',
    [name],
  );
  return rows[0]?.value ?? '';
}

describe('createDatabase', () => {
  it('shares connections between Prisma and plain SQL, and sets their name and timeouts', async () => {
    const database = open({ poolSize: 1 });
    await database.prisma.projectRef.create({ data: { ref: 'abcdefgh01234567' } });
    const { rows } = await database.pool.query('SELECT ref FROM tessera.project_refs');
    expect(rows).toEqual([{ ref: 'abcdefgh01234567' }]);
    expect(database.pool.totalCount).toBe(1);
    expect(await setting(database, 'application_name')).toBe('the test');
    expect(await setting(database, 'statement_timeout')).toBe('10s');
    expect(await setting(database, 'idle_in_transaction_session_timeout')).toBe('10s');
  });

  it('reads and writes the correct time in any server time zone', async () => {
    const name = pg.escapeIdentifier(new URL(server.url).pathname.slice(1));
    await server.pool.query(`ALTER DATABASE ${name} SET timezone = 'Asia/Tokyo'`);
    const { prisma } = open();
    const at = new Date('2026-03-01T12:00:00.123Z');
    const user = await prisma.user.create({
      data: { email: 'zone@x.org', name: 'Zone', passwordHash: 'x', createdAt: at },
    });
    expect(user.createdAt).toEqual(at);
    const { rows } = await server.pool.query(
      `SELECT extract(epoch FROM created_at)::float8 AS at FROM tessera.users WHERE id = $1`,
      [user.id],
    );
    expect(rows).toEqual([{ at: at.getTime() / 1000 }]);
  });

  it('stops waiting for a connection after a timeout', async () => {
    const database = open({ poolSize: 1 });
    const held = await database.pool.connect();
    try {
      const started = Date.now();
      await expect(database.pool.query('SELECT 1')).rejects.toThrow(/timeout/);
      await expect(Promise.resolve(database.prisma.user.count())).rejects.toThrow(/timeout/i);
      expect(Date.now() - started).toBeLessThan(10_000);
    } finally {
      held.release();
    }
  });

  it('logs the loss of an idle connection and continues', async () => {
    const lines: string[] = [];
    const database = open({
      poolSize: 1,
      logger: pino({ level: 'warn' }, { write: (line: string) => lines.push(line) }),
    });
    const { rows } = await database.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const lost = new Promise((resolve) => database.pool.once('remove', resolve));
    await server.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await lost;
    expect(await database.prisma.apiKey.count()).toBe(0);
    expect(lines.join('')).toContain('An idle database connection was lost');
    expect(lines.join('')).not.toContain(new URL(server.url).password);
  });

  it('reports its connections as metrics', async () => {
    const metrics = new Registry();
    const database = open({ metrics });
    const held = await database.pool.connect();
    await database.pool.query('SELECT 1');
    const text = await metrics.metrics();
    held.release();
    expect(text).toContain('tessera_database_connections{state="busy"} 1');
    expect(text).toContain('tessera_database_connections{state="idle"} 1');
    expect(text).toContain('tessera_database_connections{state="waiting"} 0');
  });

  it('closes once, after running queries complete', async () => {
    const database = open();
    const lock = { sql: 'SELECT pg_advisory_xact_lock(1)' };
    const { running, closed } = await whileHolding(server.pool, lock, async () => {
      const running = database.pool.query('SELECT pg_advisory_xact_lock_shared(1), 1 AS done');
      await untilWaiting(server.pool, 1);
      // Returned in an object, so that the lock is released before the promises are awaited.
      return { running, closed: Promise.all([database.close(), database.close()]) };
    });
    await closed;
    expect((await running).rows).toMatchObject([{ done: 1 }]);
    const { rows } = await server.pool.query(
      `SELECT count(*)::int AS left FROM pg_stat_activity WHERE application_name = 'the test'`,
    );
    expect(rows).toEqual([{ left: 0 }]);
    await expect(Promise.resolve(database.pool.query('SELECT 1'))).rejects.toThrow(/end/);
  });
});
