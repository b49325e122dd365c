import { once } from 'node:events';

import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { startStallingProxy } from '../../../test/stalling-proxy.ts';
import { createDatabase, type Database } from './database.ts';
import { databaseTrouble } from './database-trouble.ts';

const database = useTestDatabase();
const opened: Database[] = [];
afterAll(() => Promise.all(opened.map((each) => each.close())));

function open(connectionString: string, poolSize = 4): Database {
  const logger = pino({ level: 'silent' });
  const created = createDatabase({
    connectionString,
    poolSize,
    applicationName: 'trouble',
    logger,
  });
  opened.push(created);
  return created;
}

const troubleOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => databaseTrouble(error),
  );

describe('databaseTrouble', () => {
  it('returns busy if no connection becomes available in time', async () => {
    const { prisma, pool } = open(database.url, 1);
    const held = await pool.connect();
    try {
      const [transaction, query, plain] = await Promise.all([
        troubleOf(prisma.$transaction((tx) => tx.user.count())),
        troubleOf(prisma.user.count()),
        troubleOf(pool.query('SELECT 1')),
      ]);
      expect([transaction, query, plain]).toEqual(['busy', 'busy', 'busy']);
    } finally {
      held.release();
    }
  });

  it('returns busy if a statement takes too long', async () => {
    const { prisma } = open(database.url);
    const slow = prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = 50`;
      await tx.$executeRaw`SELECT count(*) FROM generate_series(1, 1000000000000)`;
    });
    expect(await troubleOf(slow)).toBe('busy');
  });

  it('returns conflict if two transactions deadlock', async () => {
    const { prisma } = open(database.url);
    const ids = await Promise.all(
      ['first', 'second'].map(async (name) => {
        const made = await prisma.organization.create({ data: { name, slug: `${name}-one` } });
        return made.id;
      }),
    );
    let arrived = 0;
    const both = new EventTarget();
    const meet = async () => {
      arrived += 1;
      if (arrived === 2) both.dispatchEvent(new Event('met'));
      else await once(both, 'met');
    };
    const change = (order: readonly (string | undefined)[]) =>
      prisma.$transaction(async (tx) => {
        for (const [step, id = ''] of order.entries()) {
          await tx.organization.update({ where: { id }, data: { name: 'changed' } });
          if (step === 0) await meet();
        }
      });
    const outcomes = await Promise.all([
      troubleOf(change(ids)),
      troubleOf(change([...ids].reverse())),
    ]);
    expect(outcomes.sort()).toEqual(['conflict', 'none']);
  });

  it('returns unavailable if no server is listening', async () => {
    const nowhere = new URL(database.url);
    nowhere.port = '1';
    const { prisma } = open(nowhere.href);
    expect(await troubleOf(prisma.user.count())).toBe('unavailable');
    expect(await troubleOf(prisma.$queryRaw`SELECT 1`)).toBe('unavailable');
  });

  it('returns lost if the connection ends while a statement or COMMIT runs', async () => {
    const proxy = await startStallingProxy(database.url);
    try {
      const { prisma, pool } = open(proxy.url);
      let waiting = 0;
      const cutDuring = async (work: () => Promise<unknown>) => {
        await pool.query('SELECT 1');
        const trouble = troubleOf(work());
        // PostgreSQL notices only after the lock was granted that the client of an earlier statement is gone.
        waiting += 1;
        await untilWaiting(database.pool, waiting);
        proxy.cut();
        return trouble;
      };
      const troubles = await whileHolding(
        database.pool,
        { sql: 'SELECT pg_advisory_xact_lock(4711)' },
        async () => [
          await cutDuring(() => pool.query('SELECT pg_advisory_xact_lock(4711)')),
          await cutDuring(() => prisma.$executeRaw`SELECT pg_advisory_xact_lock(4711)`),
          await cutDuring(() =>
            prisma.$transaction((tx) => tx.$executeRaw`SELECT pg_advisory_xact_lock(4711)`),
          ),
        ],
      );
      expect(troubles).toEqual(['lost', 'lost', 'lost']);
      await database.pool.query(
        `CREATE TABLE held (); CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON held
           DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold()`,
      );
      await untilWaiting(database.pool, 0);
      waiting = 0;
      const duringCommit = await whileHolding(
        database.pool,
        { sql: 'SELECT pg_advisory_xact_lock(4711)' },
        () =>
          cutDuring(() =>
            prisma.$transaction((tx) => tx.$executeRaw`INSERT INTO held DEFAULT VALUES`),
          ),
      );
      expect(duringCommit).toBe('lost');
    } finally {
      await proxy.close();
    }
  });

  it.each([
    ['08006', 'lost'],
    ['08001', 'unavailable'],
    ['25006', 'unavailable'],
    ['53100', 'unavailable'],
    ['53200', 'unavailable'],
    ['53300', 'busy'],
    ['53400', 'unavailable'],
    ['57P01', 'lost'],
    ['57P03', 'unavailable'],
    ['40001', 'conflict'],
    ['40003', 'lost'],
    ['55P03', 'busy'],
    ['22012', null],
  ])('classifies the SQLSTATE %s as %s, from pg and from Prisma', async (code, trouble) => {
    const { prisma, pool } = open(database.url);
    const raise = `DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${code}'; END $$`;
    expect(await troubleOf(pool.query(raise))).toBe(trouble);
    expect(await troubleOf(prisma.$executeRawUnsafe(raise))).toBe(trouble);
    expect(await troubleOf(prisma.$transaction((tx) => tx.$executeRawUnsafe(raise)))).toBe(trouble);
  });

  it('finds the trouble that caused another error', () => {
    const cause = new Error('Connection terminated unexpectedly');
    expect(databaseTrouble(new Error('It failed.', { cause }))).toBe('lost');
  });

  it('returns null for errors in the statement and for other errors', async () => {
    const { prisma, pool } = open(database.url);
    expect(await troubleOf(pool.query('SELECT nonsense'))).toBeNull();
    expect(await troubleOf(prisma.$queryRawUnsafe('SELECT nonsense'))).toBeNull();
    expect(databaseTrouble(new Error('anything'))).toBeNull();
    expect(databaseTrouble(null)).toBeNull();
  });
});
