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

const lastUsed = async (id: string) =>
  (await database.prisma.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt;

describe('the usage recorder', () => {
  it('writes the last of many uses of many keys', async () => {
    const recorder = createRecorder();
    const [one, other] = [tenant.key.id, tenant.expiredKey.id];
    recorder.record(one);
    recorder.record(other);
    const [first, second] = [now, new Date(now.getTime() + 1_000)];
    now = second;
    recorder.record(one);
    expect(await lastUsed(one)).toBeNull();
    await recorder.flush();
    expect(await lastUsed(one)).toEqual(second);
    expect(await lastUsed(other)).toEqual(first);
    expect(await lastUsed(tenant.revokedKey.id)).toBeNull();
  });

  it('writes on its own after the interval', async () => {
    const recorder = createRecorder({ intervalMs: 20 });
    recorder.record(tenant.key.id);
    await vi.waitFor(async () => expect(await lastUsed(tenant.key.id)).toEqual(now), {
      timeout: 5_000,
    });
    await recorder.close();
  });

  it('never moves a moment back, as two instances might', async () => {
    const [ahead, behind] = [createRecorder(), createRecorder()];
    behind.record(tenant.key.id);
    now = new Date(now.getTime() + 1_000);
    ahead.record(tenant.key.id);
    await ahead.flush();
    await behind.flush();
    expect(await lastUsed(tenant.key.id)).toEqual(now);
  });

  it('waits for no key that is being changed', async () => {
    const recorder = createRecorder();
    recorder.record(tenant.key.id);
    recorder.record(tenant.expiredKey.id);
    const holdKey = {
      sql: 'SELECT FROM tessera.api_keys WHERE id = $1 FOR UPDATE',
      values: [tenant.key.id],
    };
    await whileHolding(database.pool, holdKey, () => recorder.flush());
    expect(await lastUsed(tenant.key.id)).toBeNull();
    expect(await lastUsed(tenant.expiredKey.id)).toEqual(now);
  });

  it('keeps what it could not write, and writes it later', async () => {
    const recorder = createRecorder();
    recorder.record(tenant.key.id);
    await database.pool.query('ALTER TABLE tessera.api_keys RENAME TO away');
    try {
      await recorder.flush();
    } finally {
      await database.pool.query('ALTER TABLE tessera.away RENAME TO api_keys');
    }
    expect(await lastUsed(tenant.key.id)).toBeNull();
    await recorder.flush();
    expect(await lastUsed(tenant.key.id)).toEqual(now);
  });

  it('notes no more keys than it may', async () => {
    const recorder = createRecorder({ maxPending: 1 });
    recorder.record(tenant.key.id);
    recorder.record(tenant.expiredKey.id);
    await recorder.flush();
    expect(await lastUsed(tenant.key.id)).toEqual(now);
    expect(await lastUsed(tenant.expiredKey.id)).toBeNull();
  });

  it('writes what is left when it closes, and nothing after', async () => {
    const recorder = createRecorder();
    recorder.record(tenant.key.id);
    await recorder.close();
    expect(await lastUsed(tenant.key.id)).toEqual(now);
    recorder.record(tenant.expiredKey.id);
    await recorder.flush();
    expect(await lastUsed(tenant.expiredKey.id)).toBeNull();
  });
});
