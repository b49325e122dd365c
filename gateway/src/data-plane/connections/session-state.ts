import { LRUCache } from 'lru-cache';

/** Tracks a session's role, even when a transaction rolls back a `SET ROLE`. */
export interface RoleTracker {
  /** Null if the role is not known for certain. */
  readonly current: string | null;
  /**
   * Updates the role after a statement.
   * @param taken the role that `SET ROLE` set before the statement, or null if no `SET ROLE` was sent
   * @param ending the command tag of the statement, or null if it failed
   * @param inTransaction whether a transaction is open after the statement
   */
  follow(taken: string | null, ending: string | null, inTransaction: boolean): void;
  /** Makes the role unknown, so that it is set again. Call this after the role was created again under the same name. */
  forget(): void;
}

export function createRoleTracker(): RoleTracker {
  let current: string | null = null;
  /** The role that was set in the open transaction. */
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
      // Without BEGIN, the statement was its own transaction. After an error, PostgreSQL responds to COMMIT with the
      // tag ROLLBACK.
      const isCommitted = ending === 'COMMIT' || (taken !== null && ending !== 'ROLLBACK');
      current = isCommitted ? uncommitted : null;
      uncommitted = null;
    },
    forget: () => void (current = null),
  };
}

/** The prepared statements of a session: their SQL text and names. */
export interface StatementNames {
  /**
   * Returns the name of the prepared statement for the SQL in `text`. If `isNew` is true, the SQL must first be
   * prepared under this name.
   */
  of(text: string): { readonly name: string; readonly isNew: boolean };
  /** Reports whether the SQL has a name. */
  has(text: string): boolean;
  /**
   * Removes the name for the SQL. Call this if PostgreSQL failed to prepare the SQL or if the prepared statement is
   * stale.
   */
  forget(text: string): void;
  /** Returns the names to deallocate before the next statement. Each name is returned once. */
  takeDropped(): readonly string[];
}

const nothing: readonly string[] = [];

/**
 * Keeps the names of the `max` most recently used statements. Dropped names can include names that were never prepared,
 * because deallocating them has no effect.
 */
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
