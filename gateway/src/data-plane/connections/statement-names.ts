import { LRUCache } from 'lru-cache';

/** Which texts a connection has prepared, under which names. */
export interface StatementNames {
  /** The name for a text; a new one must be parsed under it. */
  of(text: string): { readonly name: string; readonly isNew: boolean };
  /** Has the text a name? */
  has(text: string): boolean;
  /** Lets go of a text that PostgreSQL would not prepare, or would not run as it was prepared. */
  forget(text: string): void;
  /** Names to deallocate ahead of the next statement; each is given once. */
  takeDropped(): readonly string[];
}

const nothing: readonly string[] = [];

/** Keeps the most recently used `max`. Deallocating a name that was never prepared does nothing. */
export function createStatementNames(max: number): StatementNames {
  let count = 0;
  let dropped: string[] = [];
  const names = new LRUCache<string, string>({ max, dispose: (name) => dropped.push(name) });
  return {
    of(text) {
      const known = names.get(text);
      if (known !== undefined) return { name: known, isNew: false };
      count += 1;
      const name = `t${count}`;
      names.set(text, name);
      return { name, isNew: true };
    },
    has: (text) => names.has(text),
    forget: (text) => void names.delete(text),
    takeDropped() {
      if (dropped.length === 0) return nothing;
      const taken = dropped;
      dropped = [];
      return taken;
    },
  };
}
