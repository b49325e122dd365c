import { pino } from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
import { whileHolding } from '../../../test/locks.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import { createUsageRecorder } from './usage-recorder.ts';

const database = useTestDatabase();
const logger = pino({ level: 'silent' });
const never = 1_000_000;
let now: Date;
let tenant: SeededTenant;

beforeEach(async () => {
  now = new Date();
  tenant = await seedTenant(database.prisma, now);
});

const createRecorder = (options: { intervalMs?: number; maxPending?: number } = {}) =>
  createUsageRecorder({
    db: database.prisma,
    clock: () => now,
    logger,
    intervalMs: never,
    ...options,
  });

const usageOf = (keyId: string, failed = false) => ({
  keyId,
  projectId: tenant.project.id,
  failed,
});

const lastUsed = async (id: string) =>
  (await database.prisma.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt;

const daysOf = async (what: 'api_key' | 'project', id: string): Promise<unknown[]> => {
  const { rows } = await database.pool.query<Record<string, string>>(
    `SELECT day::text, requests, errors FROM tessera.${what}_usage_days
     WHERE ${what}_id = $1 ORDER BY day`,
    [id],
  );
  return rows;
};

describe('the usage recorder', () => {
  it("records the time of each key's last request", async () => {
    const recorder = createRecorder();
    const [one, other] = [tenant.key.id, tenant.expiredKey.id];
    recorder.record(usageOf(one));
    recorder.record(usageOf(other));
    const [first, second] = [now, new Date(now.getTime() + 1_000)];
    now = second;
    recorder.record(usageOf(one));
    expect(await lastUsed(one)).toBeNull();
    await recorder.flush();
    expect(await lastUsed(one)).toEqual(second);
    expect(await lastUsed(other)).toEqual(first);
    expect(await lastUsed(tenant.revokedKey.id)).toBeNull();
  });

  it('adds up requests by key, project and day, across instances', async () => {
    now = new Date('2030-01-31T23:59:59Z');
    const [one, other] = [createRecorder(), createRecorder()];
    for (const recorder of [one, other]) {
      recorder.record(usageOf(tenant.key.id));
      recorder.record(usageOf(tenant.key.id, true));
      recorder.record({ ...usageOf(tenant.expiredKey.id), projectId: null });
      recorder.record({ ...usageOf(tenant.key.id), keyId: null });
    }
    now = new Date('2030-02-01T00:00:00Z');
    one.record(usageOf(tenant.key.id));
    await Promise.all([one.flush(), other.flush()]);
    await one.flush();
    expect(await daysOf('api_key', tenant.key.id)).toEqual([
      { day: '2030-01-31', requests: '4', errors: '2' },
      { day: '2030-02-01', requests: '1', errors: '0' },
    ]);
    expect(await daysOf('api_key', tenant.expiredKey.id)).toEqual([
      { day: '2030-01-31', requests: '2', errors: '0' },
    ]);
    expect(await daysOf('project', tenant.project.id)).toEqual([
      { day: '2030-01-31', requests: '6', errors: '2' },
      { day: '2030-02-01', requests: '1', errors: '0' },
    ]);
  });

  it('does not wait for a project that is being deleted, and discards its usage', async () => {
    const recorder = createRecorder();
    const neighbour = await seedTenant(database.prisma, now);
    const useBoth = () => {
      recorder.record(usageOf(tenant.key.id));
      recorder.record({ ...usageOf(neighbour.key.id), projectId: neighbour.project.id });
    };
    useBoth();
    const deletion = {
      sql: 'DELETE FROM tessera.projects WHERE id = $1',
      values: [tenant.project.id],
    };
    await whileHolding(database.pool, deletion, () => recorder.flush());
    useBoth();
    await recorder.flush();
    expect(await daysOf('project', tenant.project.id)).toEqual([]);
    expect(await daysOf('project', neighbour.project.id)).toMatchObject([{ requests: '2' }]);
    expect(await daysOf('api_key', neighbour.key.id)).toMatchObject([{ requests: '2' }]);
  });

  it('writes usage after the interval', async () => {
    const recorder = createRecorder({ intervalMs: 20 });
    recorder.record(usageOf(tenant.key.id));
    await vi.waitFor(async () => expect(await lastUsed(tenant.key.id)).toEqual(now), {
      timeout: 5_000,
    });
    await recorder.close();
  });

  it('never moves the last-used time backward if several instances write', async () => {
    const [ahead, behind] = [createRecorder(), createRecorder()];
    behind.record(usageOf(tenant.key.id));
    now = new Date(now.getTime() + 1_000);
    ahead.record(usageOf(tenant.key.id));
    await ahead.flush();
    await behind.flush();
    expect(await lastUsed(tenant.key.id)).toEqual(now);
  });

  it('does not wait for a key that is being changed', async () => {
    const recorder = createRecorder();
    recorder.record(usageOf(tenant.key.id));
    recorder.record(usageOf(tenant.expiredKey.id));
    const holdKey = {
      sql: 'SELECT FROM tessera.api_keys WHERE id = $1 FOR UPDATE',
      values: [tenant.key.id],
    };
    await whileHolding(database.pool, holdKey, () => recorder.flush());
    expect(await lastUsed(tenant.key.id)).toBeNull();
    expect(await lastUsed(tenant.expiredKey.id)).toEqual(now);
  });

  it('keeps usage that could not be written, and writes it later', async () => {
    const recorder = createRecorder();
    recorder.record(usageOf(tenant.key.id));
    await database.pool.query('ALTER TABLE tessera.api_keys RENAME TO away');
    try {
      await recorder.flush();
    } finally {
      await database.pool.query('ALTER TABLE tessera.away RENAME TO api_keys');
    }
    expect(await lastUsed(tenant.key.id)).toBeNull();
    recorder.record(usageOf(tenant.key.id));
    await recorder.flush();
    expect(await lastUsed(tenant.key.id)).toEqual(now);
    expect(await daysOf('api_key', tenant.key.id)).toMatchObject([{ requests: '2' }]);
    expect(await daysOf('project', tenant.project.id)).toMatchObject([{ requests: '2' }]);
  });

  it('counts requests for at most the maximum number of keys', async () => {
    const recorder = createRecorder({ maxPending: 1 });
    recorder.record(usageOf(tenant.key.id));
    recorder.record(usageOf(tenant.expiredKey.id));
    await recorder.flush();
    expect(await lastUsed(tenant.key.id)).toEqual(now);
    expect(await lastUsed(tenant.expiredKey.id)).toBeNull();
  });

  it('writes pending usage when it closes, and records nothing afterwards', async () => {
    const recorder = createRecorder();
    recorder.record(usageOf(tenant.key.id));
    await recorder.close();
    expect(await lastUsed(tenant.key.id)).toEqual(now);
    recorder.record(usageOf(tenant.expiredKey.id));
    await recorder.flush();
    expect(await lastUsed(tenant.expiredKey.id)).toBeNull();
  });
});
