/** Follows which role a session has, across transactions that take it back. */
export interface HeldRole {
  /** Null where it is not known for certain. */
  readonly current: string | null;
  /**
   * @param taken the role that `SET ROLE` took ahead of the statement; null where none was sent
   * @param ending how the statement ended: its command tag, or null where it failed
   * @param inTransaction whether a transaction is open after it
   */
  follow(taken: string | null, ending: string | null, inTransaction: boolean): void;
}

export function createHeldRole(): HeldRole {
  let current: string | null = null;
  /** Taken within the transaction that is open. */
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
      // Without BEGIN the statement was a transaction of its own. COMMIT after an error answers ROLLBACK.
      const isKept = ending === 'COMMIT' || (taken !== null && ending !== 'ROLLBACK');
      current = isKept ? uncommitted : null;
      uncommitted = null;
    },
  };
}
