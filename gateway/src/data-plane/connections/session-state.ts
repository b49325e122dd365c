import { LRUCache } from 'lru-cache';

/** Tracks which role a session has, across transactions that roll a `SET ROLE` back. */
export interface RoleTracker {
  /** Null where it is not known for certain. */
  readonly current: string | null;
  /**
   * @param taken the role that `SET ROLE` set ahead of the statement; null where none was sent
   * @param ending how the statement ended: its command tag, or null where it failed
   * @param inTransaction whether a transaction is open after it
   */
  follow(taken: string | null, ending: string | null, inTransaction: boolean): void;
}

export function createRoleTracker(): RoleTracker {
  let current: string | null = null;
  /** Set within the transaction that is open. */
  let uncommitted: string | null = null;
  return {
    get current() {
      return current;
    },
    follow(taken, ending, inTransaction) {
      if (taken !== null) {
        current = null;
        if (ending === null) return;
        uncommitted = taken;
      }
      if (inTransaction || uncommitted === null) return;
      // Without BEGIN the statement was a transaction by itself. COMMIT after an error answers ROLLBACK.
      const isCommitted = ending === 'COMMIT' || (taken !== null && ending !== 'ROLLBACK');
      current = isCommitted ? uncommitted : null;
      uncommitted = null;
    },
  };
}

/** Which texts a session has prepared, and under which names. */
export interface StatementNames {
  /** The name for a text; a new one must be parsed under it. */
  of(text: string): { readonly name: string; readonly isNew: boolean };
  /** Has the text a name? */
  has(text: string): boolean;
  /** Drops a text that PostgreSQL did not prepare, or did not run as it was prepared. */
  forget(text: string): void;
  /** Names to deallocate ahead of the next statement; each is returned once. */
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
