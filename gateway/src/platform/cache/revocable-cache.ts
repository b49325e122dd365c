import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { PubSub } from '../pubsub/pubsub.ts';
import type { SqlExecutor } from '../sql-executor.ts';

export interface RevocableCacheOptions<K extends string, V extends object> {
  /** Most entries that are kept; the least recently used go first. */
  readonly max: number;
  readonly ttlMs: number;
  readonly pubsub: PubSub;
  /** The channel on which keys are revoked; one cache to a channel. */
  readonly channel: string;
  readonly clock: Clock;
  /** Looks a key up; null when there is nothing. Bounded in time by whoever it asks. */
  readonly load: (key: K) => Promise<V | null>;
}

export interface RevocableCache<K extends string, V extends object> {
  /** What `get` would give from the cache, at once; null for what it would have to load. */
  peek(key: K): V | null;
  /** From the cache, or loaded. What was not found is not kept: an attacker would fill the cache with it. */
  get(key: K): Promise<V | null>;
  /** Drops a key on every instance; in a transaction, when it commits. A key is at most 7,000 bytes. */
  revoke(executor: SqlExecutor, key: K): Promise<void>;
  /** Drops a key here at once. After a commit, for who asks again before the notification is back. */
  forget(key: K): void;
  /** Ends the subscription; from then on every `get` loads. */
  close(): void;
}

interface Load<V> {
  readonly result: Promise<V | null>;
  /** Turns false when the key is revoked, or a revocation may have been missed, while it loads. */
  readonly ticket: { mayKeep: boolean };
}

/**
 * A cache whose entries die on every instance within a second of their revocation: they are dropped by
 * NOTIFY, and a cache that cannot hear is not used. While `pubsub.isHearing()` is false every `get` loads; when
 * the connection is lost everything is forgotten. A revocation during a load keeps its result out
 * of the cache, and whoever asks afterwards does not join that load.
 */
export function createRevocableCache<K extends string, V extends object>(
  options: RevocableCacheOptions<K, V>,
): RevocableCache<K, V> {
  const { max, ttlMs, pubsub, channel, clock, load } = options;
  const loads = new Map<string, Load<V>>();
  const entries = new LRUCache<string, V>({
    max,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now: () => clock().getTime() },
  });

  let closed = false;
  const mayTrust = () => !closed && pubsub.isHearing();

  function drop(key: string): void {
    entries.delete(key);
    detachLoad(key);
  }

  function forgetAll(): void {
    entries.clear();
    for (const key of [...loads.keys()]) detachLoad(key);
  }

  function detachLoad(key: string): void {
    const current = loads.get(key);
    if (current === undefined) return;
    current.ticket.mayKeep = false;
    loads.delete(key);
  }

  function loadOnce(key: K): Promise<V | null> {
    const underWay = loads.get(key);
    if (underWay !== undefined) return underWay.result;
    const ticket = { mayKeep: true };
    const result = load(key)
      .then((value) => {
        if (value !== null && ticket.mayKeep && mayTrust()) entries.set(key, value);
        return value;
      })
      .finally(() => {
        if (loads.get(key)?.ticket === ticket) loads.delete(key);
      });
    loads.set(key, { ticket, result });
    return result;
  }

  const stops = [pubsub.subscribe(channel, drop), pubsub.onLost(forgetAll)];

  const peek = (key: K): V | null => (mayTrust() ? (entries.get(key) ?? null) : null);

  return {
    peek,
    async get(key) {
      if (!mayTrust()) return load(key);
      return peek(key) ?? loadOnce(key);
    },
    revoke: (executor, key) => pubsub.publish(executor, channel, key),
    forget: drop,
    close() {
      closed = true;
      for (const stop of stops) stop();
      forgetAll();
    },
  };
}
