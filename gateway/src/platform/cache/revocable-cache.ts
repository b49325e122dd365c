import { LRUCache } from 'lru-cache';
import { growingUpTo } from './growing-cache.ts';
import type { Clock } from '../clock.ts';
import type { PubSub } from '../pubsub/pubsub.ts';
import type { SqlExecutor } from '../sql-executor.ts';

export interface RevocableCacheOptions<K extends string, V extends object> {
  /** Maximum number of entries. The least recently used entry is evicted first. */
  readonly max: number;
  readonly ttlMs: number;
  readonly pubsub: PubSub;
  /** The channel on which revoked keys are announced. Each cache needs a separate channel. */
  readonly channel: string;
  readonly clock: Clock;
  /** Loads the value for a key, or null if there is none. It must enforce a timeout. */
  readonly load: (key: K) => Promise<V | null>;
}

export interface RevocableCache<K extends string, V extends object> {
  /** Returns the cached value, or null if `get` would have to load it. */
  peek(key: K): V | null;
  /**
   * Returns the cached or loaded value. Missing values are not cached, because an attacker could fill the cache with
   * them.
   */
  get(key: K): Promise<V | null>;
  /**
   * Drops a key on every instance. In a transaction, this takes effect at commit. A key must not exceed 7,000 bytes.
   */
  revoke(executor: SqlExecutor, key: K): Promise<void>;
  /**
   * Drops a key immediately on this instance. Call this after a change has been committed, so that the next `get` does
   * not return the old value before the notification arrives.
   */
  forget(key: K): void;
  /** Ends the subscription. Every later `get` loads the value. */
  close(): void;
}

interface Load<V> {
  readonly result: Promise<V | null>;
  /** False if the key was revoked during the load, or a revocation could have been missed. */
  readonly ticket: { mayKeep: boolean };
}

/**
 * A cache whose entries are dropped on every instance within a second of their revocation. Revocations are announced
 * with NOTIFY. While `pubsub.isHearing()` is false, the cache is not used and every `get` loads the value. When the
 * connection is lost, all entries are dropped. If a key is revoked during its load, the result is not cached, and later
 * requests start a new load.
 */
export function createRevocableCache<K extends string, V extends object>(
  options: RevocableCacheOptions<K, V>,
): RevocableCache<K, V> {
  const { max, ttlMs, pubsub, channel, clock, load } = options;
  const loads = new Map<string, Load<V>>();
  const entries = new LRUCache<string, V>({
    ...growingUpTo(max),
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
