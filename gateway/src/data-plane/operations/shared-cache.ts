import { LRUCache } from 'lru-cache';

export interface SharedCacheOptions<V> {
  /** Bounds of all scopes together; sizes are in the unit of `set`. */
  readonly max: number;
  readonly maxSize: number;
  /** Larger values are not cached. */
  readonly maxEntrySize: number;
  /** So that no single scope takes all of it. */
  readonly maxPerScope: number;
  readonly onDrop?: (value: V) => void;
}

/** One owner's part of a cache, with separate keys. */
export interface CacheScope<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, size: number): void;
  clear(): void;
}

export interface SharedCache<V> {
  readonly count: number;
  createScope(): CacheScope<V>;
}

interface Entry<V> {
  readonly value: V;
  readonly leave: () => void;
}

/** An LRU cache for many owners together: separate bounds for each would add up to no bound. */
export function createSharedCache<V>(options: SharedCacheOptions<V>): SharedCache<V> {
  const { max, maxSize, maxEntrySize, maxPerScope, onDrop } = options;
  const all = new LRUCache<Entry<V>, Entry<V>>({
    max,
    maxSize,
    disposeAfter(entry) {
      entry.leave();
      onDrop?.(entry.value);
    },
  });

  return {
    get count() {
      return all.size;
    },
    createScope() {
      const own = new LRUCache<string, Entry<V>>({
        max: maxPerScope,
        disposeAfter: (entry) => void all.delete(entry),
      });
      return {
        get(key) {
          const entry = own.get(key);
          if (entry === undefined) return undefined;
          all.get(entry);
          return entry.value;
        },
        set(key, value, size) {
          if (size > maxEntrySize) return;
          const entry: Entry<V> = {
            value,
            leave() {
              if (own.peek(key) === entry) own.delete(key);
            },
          };
          own.set(key, entry);
          all.set(entry, entry, { size });
        },
        clear: () => own.clear(),
      };
    },
  };
}
