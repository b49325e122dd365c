import { LRUCache } from 'lru-cache';

export interface SharedCacheOptions<V> {
  /** Limits for all scopes together. Sizes are in the same unit as those passed to `set`. */
  readonly max: number;
  readonly maxSize: number;
  /** Larger values are not cached. */
  readonly maxEntrySize: number;
  /** Maximum number of entries in one scope, so that it cannot fill the whole cache. */
  readonly maxPerScope: number;
  readonly onDrop?: (value: V) => void;
}

/** One owner's entries in the cache. Different owners can use the same keys. */
export interface CacheScope<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, size: number): void;
  clear(): void;
}

export interface SharedCache<V> {
  readonly count: number;
  /** @param maxEntries the maximum number of entries in this scope, if it is less than in others */
  createScope(maxEntries?: number): CacheScope<V>;
}

interface Entry<V> {
  readonly value: V;
  readonly leave: () => void;
}

/** Creates an LRU cache that many owners share. Separate limits for each owner would not limit the total. */
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
    createScope(maxEntries = maxPerScope) {
      const own = new LRUCache<string, Entry<V>>({
        max: Math.min(maxEntries, maxPerScope),
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
