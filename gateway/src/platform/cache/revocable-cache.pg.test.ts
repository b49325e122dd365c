import { afterEach, describe, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { startStallingProxy } from '../../../test/stalling-proxy.ts';
import { createPubSub } from '../pubsub/pubsub.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createRevocableCache } from './revocable-cache.ts';

const database = useTestDatabase();
const logger = createLogger({ level: 'silent', format: 'json' });
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

interface Row {
  readonly version: number;
}

/** The data source of all instances: the current version of each key. */
const table = new Map<string, Row>();

/** One gateway's cache, with a separate pubsub. `hold` blocks the next load until the returned function is called. */
async function startInstance(options: { url?: string; ttlMs?: number; max?: number } = {}) {
  const { url = database.url, ttlMs = 60_000, max = 100 } = options;
  const pubsub = createPubSub({ connectionString: url, logger, heartbeatMs: 100 });
  const time = { now: new Date('2026-01-01T00:00:00Z') };
  const loaded: string[] = [];
  let held: Promise<void> | null = null;

  const cache = createRevocableCache<string, Row>({
    max,
    ttlMs,
    pubsub,
    channel: 'row_revoked',
    clock: () => time.now,
    async load(key) {
      loaded.push(key);
      const row = table.get(key) ?? null;
      await held;
      return row;
    },
  });
  await pubsub.start();
  cleanUps.push(() => pubsub.close());
  await hearing(pubsub);

  function hold(): () => void {
    let release = () => {};
    held = new Promise((resolve) => (release = resolve));
    return () => {
      held = null;
      release();
    };
  }
  return { cache, pubsub, loaded, time, hold };
}

const hearing = (pubsub: { isHearing(): boolean }, expected = true) =>
  vi.waitFor(() => expect(pubsub.isHearing()).toBe(expected), { timeout: 10_000, interval: 5 });

/** Resolves when this instance has received the notification and its cache has processed it. */
function dropOf(key: string, pubsub: { subscribe: Subscribe }): Promise<void> {
  return new Promise((resolve) => {
    pubsub.subscribe('row_revoked', (payload) => {
      if (payload === key) resolve();
    });
  });
}
type Subscribe = (channel: string, handler: (payload: string) => void) => () => void;

describe('a revocable cache', () => {
  it('loads an entry once', async () => {
    table.set('a', { version: 1 });
    const { cache, loaded } = await startInstance();
    expect(await cache.get('a')).toEqual({ version: 1 });
    expect(await cache.get('a')).toEqual({ version: 1 });
    expect(loaded).toEqual(['a']);
  });

  it('loads an entry once for concurrent requests', async () => {
    table.set('a', { version: 1 });
    const { cache, loaded } = await startInstance();
    await Promise.all(Array.from({ length: 50 }, () => cache.get('a')));
    expect(loaded).toEqual(['a']);
  });

  it('reloads an entry after its time to live', async () => {
    table.set('a', { version: 1 });
    const { cache, loaded, time } = await startInstance({ ttlMs: 30_000 });
    await cache.get('a');
    time.now = new Date(time.now.getTime() + 29_999);
    await cache.get('a');
    expect(loaded).toHaveLength(1);
    time.now = new Date(time.now.getTime() + 2);
    await cache.get('a');
    expect(loaded).toHaveLength(2);
  });

  it('keeps at most `max` entries and does not cache missing values', async () => {
    for (const key of ['a', 'b', 'c']) table.set(key, { version: 1 });
    const { cache, loaded } = await startInstance({ max: 2 });
    for (const key of ['a', 'b', 'c', 'a', 'nothing', 'nothing']) await cache.get(key);
    expect(loaded).toEqual(['a', 'b', 'c', 'a', 'nothing', 'nothing']);
    expect(await cache.get('nothing')).toBeNull();
  });

  it('rejects if a load fails, and loads again on the next request', async () => {
    const { pubsub } = await startInstance();
    let tries = 0;
    const cache = createRevocableCache<string, Row>({
      max: 10,
      ttlMs: 60_000,
      pubsub,
      channel: 'failing',
      clock: () => new Date(),
      load: () => (++tries === 1 ? Promise.reject(new Error('down')) : Promise.resolve(null)),
    });
    await hearing(pubsub);
    await expect(cache.get('a')).rejects.toThrow('down');
    expect(await cache.get('a')).toBeNull();
  });

  it('drops a revoked entry on every instance when the transaction commits', async () => {
    table.set('a', { version: 1 });
    table.set('b', { version: 1 });
    const [one, other] = [await startInstance(), await startInstance()];
    for (const { cache } of [one, other]) await Promise.all([cache.get('a'), cache.get('b')]);
    const dropped = Promise.all([dropOf('a', one.pubsub), dropOf('a', other.pubsub)]);
    await database.prisma.$transaction(async (tx) => {
      await one.cache.revoke(tx, 'a');
      table.set('a', { version: 2 });
    });
    await dropped;
    for (const { cache, loaded } of [one, other]) {
      expect(await cache.get('a')).toEqual({ version: 2 });
      expect(await cache.get('b')).toEqual({ version: 1 });
      expect(loaded).toEqual(['a', 'b', 'a']);
    }
  });

  it('does not cache a value whose load started before a revocation', async () => {
    table.set('a', { version: 1 });
    const { cache, pubsub, hold } = await startInstance();
    const release = hold();
    const early = cache.get('a');
    const dropped = dropOf('a', pubsub);
    table.set('a', { version: 2 });
    await cache.revoke(database.pool, 'a');
    await dropped;
    const late = cache.get('a');
    release();
    expect(await early).toEqual({ version: 1 });
    expect(await late).toEqual({ version: 2 });
    expect(await cache.get('a')).toEqual({ version: 2 });
  });

  it('drops all entries when its listening connection is lost, and recovers', async () => {
    table.set('a', { version: 1 });
    const { cache, pubsub, loaded } = await startInstance();
    await cache.get('a');
    const lost = new Promise<void>((resolve) => pubsub.onLost(resolve));
    const regained = new Promise<void>((resolve) => pubsub.onRegained(resolve));
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'tessera-pubsub'`,
    );
    await lost;
    table.set('a', { version: 2 }); // the instance receives no notification of this change
    expect(await cache.get('a')).toEqual({ version: 2 });
    expect(await cache.get('a')).toEqual({ version: 2 });
    expect(loaded).toHaveLength(3);
    await regained;
    await cache.get('a');
    await cache.get('a');
    expect(loaded).toHaveLength(4);
  });

  it('does not cache a value that was loading when the connection was lost', async () => {
    table.set('a', { version: 1 });
    const { cache, pubsub, hold } = await startInstance();
    const release = hold();
    const early = cache.get('a');
    const regained = new Promise<void>((resolve) => pubsub.onRegained(resolve));
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'tessera-pubsub'`,
    );
    await regained;
    table.set('a', { version: 2 });
    release();
    expect(await early).toEqual({ version: 1 });
    expect(await cache.get('a')).toEqual({ version: 2 });
  });

  it('is bypassed while the network stalls, and serves no entry that was revoked during that time', async () => {
    table.set('a', { version: 1 });
    const proxy = await startStallingProxy(database.url);
    cleanUps.push(() => proxy.close());
    const { cache, pubsub, loaded } = await startInstance({ url: proxy.url });
    await cache.get('a');
    proxy.stall();
    await hearing(pubsub, false);
    table.set('a', { version: 2 });
    await cache.revoke(database.pool, 'a');
    expect(await cache.get('a')).toEqual({ version: 2 });
    expect(loaded).toHaveLength(2);
    proxy.resume();
    await hearing(pubsub);
    expect(await cache.get('a')).toEqual({ version: 2 });
  });

  it('drops an entry immediately on this instance with `forget`', async () => {
    table.set('a', { version: 1 });
    const { cache } = await startInstance();
    await cache.get('a');
    table.set('a', { version: 2 });
    cache.forget('a');
    expect(await cache.get('a')).toEqual({ version: 2 });
  });

  it('caches nothing after it is closed, because it would miss revocations', async () => {
    table.set('a', { version: 1 });
    const { cache } = await startInstance();
    await cache.get('a');
    cache.close();
    await cache.get('a');
    table.set('a', { version: 2 });
    expect(await cache.get('a')).toEqual({ version: 2 });
  });
});
