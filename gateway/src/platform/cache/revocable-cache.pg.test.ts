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

/** The table that all instances look into: a key's present version. */
const table = new Map<string, Row>();

/** A gateway's cache with a pubsub of its own. `hold` keeps the next load from ending until `release`. */
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

/** Settles when the payload has reached this instance, after its cache has seen it. */
function dropOf(key: string, pubsub: { subscribe: Subscribe }): Promise<void> {
  return new Promise((resolve) => {
    pubsub.subscribe('row_revoked', (payload) => {
      if (payload === key) resolve();
    });
  });
}
type Subscribe = (channel: string, handler: (payload: string) => void) => () => void;

describe('a revocable cache', () => {
  it('loads once and remembers', async () => {
    table.set('a', { version: 1 });
    const { cache, loaded } = await startInstance();
    expect(await cache.get('a')).toEqual({ version: 1 });
    expect(await cache.get('a')).toEqual({ version: 1 });
    expect(loaded).toEqual(['a']);
  });

  it('loads once for everybody who asks at the same time', async () => {
    table.set('a', { version: 1 });
    const { cache, loaded } = await startInstance();
    await Promise.all(Array.from({ length: 50 }, () => cache.get('a')));
    expect(loaded).toEqual(['a']);
  });

  it('forgets after its time to live', async () => {
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

  it('keeps no more than it may, and not what was not found', async () => {
    for (const key of ['a', 'b', 'c']) table.set(key, { version: 1 });
    const { cache, loaded } = await startInstance({ max: 2 });
    for (const key of ['a', 'b', 'c', 'a', 'nothing', 'nothing']) await cache.get(key);
    expect(loaded).toEqual(['a', 'b', 'c', 'a', 'nothing', 'nothing']);
    expect(await cache.get('nothing')).toBeNull();
  });

  it('passes a failed load on, and tries again', async () => {
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

  it('is dropped on every instance when a transaction that revokes commits', async () => {
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

  it('does not keep what was loaded before a revocation and arrives after it', async () => {
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

  it('forgets everything when its listening backend is killed, and works again afterwards', async () => {
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
    table.set('a', { version: 2 }); // revoked where nobody heard it
    expect(await cache.get('a')).toEqual({ version: 2 });
    expect(await cache.get('a')).toEqual({ version: 2 });
    expect(loaded).toHaveLength(3);
    await regained;
    await cache.get('a');
    await cache.get('a');
    expect(loaded).toHaveLength(4);
  });

  it('does not keep what was being loaded while the connection was lost', async () => {
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

  it('is not used while the network is silent, and does not serve what was revoked meanwhile', async () => {
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

  it('forgets here at once, for who asks before the notification is back', async () => {
    table.set('a', { version: 1 });
    const { cache } = await startInstance();
    await cache.get('a');
    table.set('a', { version: 2 });
    cache.forget('a');
    expect(await cache.get('a')).toEqual({ version: 2 });
  });

  it('keeps nothing any more when it is closed, since it would not hear', async () => {
    table.set('a', { version: 1 });
    const { cache } = await startInstance();
    await cache.get('a');
    cache.close();
    await cache.get('a');
    table.set('a', { version: 2 });
    expect(await cache.get('a')).toEqual({ version: 2 });
  });
});
