import { once } from 'node:events';

import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
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

  it('returns unreachable if no server is listening', async () => {
    const nowhere = new URL(database.url);
    nowhere.port = '1';
    const { prisma } = open(nowhere.href);
    expect(await troubleOf(prisma.user.count())).toBe('unreachable');
    expect(await troubleOf(prisma.$queryRaw`SELECT 1`)).toBe('unreachable');
  });

  it('returns null for errors in the statement and for other errors', async () => {
    const { prisma, pool } = open(database.url);
    expect(await troubleOf(pool.query('SELECT nonsense'))).toBeNull();
    expect(await troubleOf(prisma.$queryRawUnsafe('SELECT nonsense'))).toBeNull();
    expect(databaseTrouble(new Error('anything'))).toBeNull();
    expect(databaseTrouble(null)).toBeNull();
  });
});
