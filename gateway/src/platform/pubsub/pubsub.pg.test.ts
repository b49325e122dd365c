import { once, EventEmitter } from 'node:events';
import type pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { startStallingProxy } from '../../../test/stalling-proxy.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createPubSub, type PubSub } from './pubsub.ts';

const database = useTestDatabase();
const logger = createLogger({ level: 'silent', format: 'json' });
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function startPubSub(url = database.url): Promise<PubSub> {
  const pubsub = createPubSub({ connectionString: url, logger, heartbeatMs: 100 });
  cleanUps.push(() => pubsub.close());
  await pubsub.start();
  return pubsub;
}

/** Records the payloads of a channel in order. `arrival` resolves when the given payload has been received. */
function record(pubsub: PubSub, channel: string) {
  const received: string[] = [];
  const events = new EventEmitter();
  const stop = pubsub.subscribe(channel, (payload) => {
    received.push(payload);
    events.emit(payload);
  });
  const arrival = async (payload: string) => {
    if (!received.includes(payload)) {
      await once(events, payload, { signal: AbortSignal.timeout(10_000) });
    }
  };
  return { received, arrival, stop };
}

const hearing = (pubsub: PubSub, expected = true) =>
  vi.waitFor(() => expect(pubsub.isHearing()).toBe(expected), { timeout: 10_000, interval: 10 });

async function killListeners(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'tessera-pubsub'`,
  );
  return rowCount ?? 0;
}

describe('pubsub', () => {
  it('delivers a payload to every instance, including the sender', async () => {
    const [one, other] = [await startPubSub(), await startPubSub()];
    const [here, there] = [record(one, 'greeting'), record(other, 'greeting')];
    await Promise.all([hearing(one), hearing(other)]);
    const payload = 'héllo "quoted" \'text\' \\ and more';
    await one.publish(database.pool, 'greeting', payload);
    await Promise.all([here.arrival(payload), there.arrival(payload)]);
    expect(here.received).toEqual([payload]);
    expect(there.received).toEqual([payload]);
  });

  it('delivers only payloads from the subscribed channel, and none after the subscription ends', async () => {
    const pubsub = await startPubSub();
    const [first, second] = [record(pubsub, 'first'), record(pubsub, 'second')];
    const stopped = record(pubsub, 'first');
    stopped.stop();
    await hearing(pubsub);
    await pubsub.publish(database.pool, 'second', 'a');
    await pubsub.publish(database.pool, 'first', 'b');
    await first.arrival('b');
    expect(first.received).toEqual(['b']);
    expect(second.received).toEqual(['a']);
    expect(stopped.received).toEqual([]);
  });

  it('delivers a payload from a Prisma transaction after its commit', async () => {
    const pubsub = await startPubSub();
    const { received, arrival } = record(pubsub, 'committed');
    await hearing(pubsub);
    await database.prisma.$transaction(async (tx) => {
      await pubsub.publish(tx, 'committed', 'inside');
      await pubsub.publish(database.pool, 'committed', 'outside');
      await arrival('outside');
    });
    await arrival('inside');
    expect(received).toEqual(['outside', 'inside']);
  });

  it('delivers nothing from a transaction that is rolled back', async () => {
    const pubsub = await startPubSub();
    const { received, arrival } = record(pubsub, 'rolled_back');
    await hearing(pubsub);
    const rollback = database.prisma.$transaction(async (tx) => {
      await pubsub.publish(tx, 'rolled_back', 'never');
      throw new Error('no');
    });
    await expect(rollback).rejects.toThrow('no');
    await pubsub.publish(database.pool, 'rolled_back', 'afterwards');
    await arrival('afterwards');
    expect(received).toEqual(['afterwards']);
  });

  it('reports a lost connection, reconnects, and receives payloads again', async () => {
    const pubsub = await startPubSub();
    const { arrival } = record(pubsub, 'revived');
    await hearing(pubsub);
    const lost = new Promise<boolean>((resolve) => {
      pubsub.onLost(() => resolve(pubsub.isHearing()));
    });
    const regained = new Promise<boolean>((resolve) => {
      pubsub.onRegained(() => resolve(pubsub.isHearing()));
    });
    expect(await killListeners(database.pool)).toBe(1);
    expect(await lost).toBe(false);
    expect(await regained).toBe(true);
    await pubsub.publish(database.pool, 'revived', 'again');
    await arrival('again');
  });

  it('reconnects after repeatedly losing its connection', async () => {
    const pubsub = await startPubSub();
    const { arrival } = record(pubsub, 'often');
    for (let round = 0; round < 3; round++) {
      await hearing(pubsub);
      await killListeners(database.pool);
      await hearing(pubsub, false);
    }
    await hearing(pubsub);
    await pubsub.publish(database.pool, 'often', 'still');
    await arrival('still');
  });

  it('detects a stalled network and receives the missed payloads when it recovers', async () => {
    const proxy = await startStallingProxy(database.url);
    cleanUps.push(() => proxy.close());
    const pubsub = await startPubSub(proxy.url);
    const { received, arrival } = record(pubsub, 'silent');
    const lost = vi.fn();
    pubsub.onLost(lost);
    await hearing(pubsub);
    proxy.stall();
    await hearing(pubsub, false);
    await pubsub.publish(database.pool, 'silent', 'meanwhile');
    expect(received).toEqual([]);
    proxy.resume();
    await arrival('meanwhile');
    await hearing(pubsub);
    expect(lost).not.toHaveBeenCalled();
  });

  it('replaces a connection that remains stalled', async () => {
    const proxy = await startStallingProxy(database.url);
    cleanUps.push(() => proxy.close());
    const pubsub = await startPubSub(proxy.url);
    const { arrival } = record(pubsub, 'abandoned');
    const lost = new Promise<void>((resolve) => pubsub.onLost(resolve));
    proxy.stall();
    await lost;
    proxy.cut();
    proxy.resume();
    await hearing(pubsub);
    await pubsub.publish(database.pool, 'abandoned', 'new');
    await arrival('new');
  });

  it('continues to deliver payloads if a handler throws', async () => {
    const pubsub = await startPubSub();
    pubsub.subscribe('mistake', () => {
      throw new Error('a bug');
    });
    const { arrival } = record(pubsub, 'mistake');
    await hearing(pubsub);
    await pubsub.publish(database.pool, 'mistake', 'anyway');
    await arrival('anyway');
  });

  it('fails to start without a database', async () => {
    const url = new URL(database.url);
    url.pathname = '/no_such_database';
    const pubsub = createPubSub({ connectionString: url.href, logger });
    await expect(pubsub.start()).rejects.toThrow('does not exist');
    expect(pubsub.isHearing()).toBe(false);
    await pubsub.close();
  });

  it('closes its connection', async () => {
    const pubsub = await startPubSub();
    await pubsub.close();
    expect(pubsub.isHearing()).toBe(false);
    await vi.waitFor(async () => expect(await killListeners(database.pool)).toBe(0));
  });

  it('rejects payloads over 7,000 bytes and invalid channel names', async () => {
    const pubsub = await startPubSub();
    await expect(pubsub.publish(database.pool, 'big', 'é'.repeat(3_501))).rejects.toThrow('7000');
    await pubsub.publish(database.pool, 'big', 'é'.repeat(3_500));
    for (const name of ['', 'Upper', 'a b', 'a"; DROP TABLE x; --', 'a'.repeat(60)]) {
      await expect(pubsub.publish(database.pool, name, '')).rejects.toThrow(
        'not a valid channel name',
      );
      expect(() => pubsub.subscribe(name, () => undefined)).toThrow('not a valid channel name');
    }
  });
});
