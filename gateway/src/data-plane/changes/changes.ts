/** A change of a row, or of a whole table. The changes of a row in a transaction are combined into one. */
export interface Change {
  readonly seq: bigint;
  /** The present name of the table. */
  readonly table: string;
  /** `RESET`: any row of the table can have changed. */
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE' | 'RESET';
  /** By present column. Numbers and booleans are texts, as PostgreSQL writes them. Null for `RESET`. */
  readonly key: Readonly<Record<string, string>> | null;
  /** For `UPDATE`: the columns that can have changed. Empty if they are unknown. */
  readonly changed: readonly string[];
  /** The row before the change, as a JSON object by present column. Null if it is not logged. */
  readonly old: string | null;
  /** The row after the change. */
  readonly new: string | null;
  /** The columns whose values are missing in the images. */
  readonly leftOut: readonly string[];
}

/** A transaction, or a part of one with very many changes. */
export interface Commit {
  readonly pos: bigint;
  /** When the transaction was first seen. */
  readonly at: Date;
  readonly changes: readonly Change[];
  /** The number of the version, if the transaction applied a plan. */
  readonly version: number | null;
}

/** A change as it is logged. Names are those at the time of the change. */
export interface LoggedChange {
  readonly seq: bigint;
  readonly table: string;
  /** Insert, update, delete, reset. */
  readonly operation: 'I' | 'U' | 'D' | 'R';
  readonly key: Readonly<Record<string, string>> | null;
  readonly changed: readonly string[];
  readonly old: string | null;
  readonly new: string | null;
  readonly leftOut: readonly string[];
}

/**
 * Combines the changes of each row in a transaction: an insert and an update are an insert, an insert and a delete are
 * nothing. A reset replaces all other changes of its table.
 */
export function netChanges(changes: readonly LoggedChange[]): readonly Change[] {
  const resets = new Map<string, Change>();
  const rows = new Map<string, LoggedChange[]>();
  for (const change of changes) {
    if (change.operation === 'R' || change.key === null) resets.set(change.table, resetOf(change));
    else {
      const id = `${change.table} ${JSON.stringify(change.key)}`;
      const known = rows.get(id);
      if (known === undefined) rows.set(id, [change]);
      else known.push(change);
    }
  }
  const combined = [...rows.values()].flatMap((ofRow) =>
    resets.has(ofRow[0]?.table ?? '') ? [] : combine(ofRow),
  );
  return [...combined, ...resets.values()].sort((a, b) => (a.seq < b.seq ? -1 : 1));
}

export function resetOf({ seq, table }: Pick<LoggedChange, 'seq' | 'table'>): Change {
  const nothing = { key: null, changed: [], old: null, new: null, leftOut: [] };
  return { seq, table, operation: 'RESET', ...nothing };
}

function combine(changes: readonly LoggedChange[]): readonly Change[] {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [existed, exists] = [first.operation !== 'I', last.operation !== 'D'];
  if (!existed && !exists) return [];
  const { seq, table, key } = last;
  const common = {
    seq,
    table,
    key,
    old: existed ? first.old : null,
    new: exists ? last.new : null,
    leftOut: [...new Set([...first.leftOut, ...last.leftOut])],
  };
  if (!existed) return [{ ...common, operation: 'INSERT', changed: [] }];
  if (!exists) return [{ ...common, operation: 'DELETE', changed: [] }];
  // After a deletion and an insertion of the same key, any column can have changed.
  const isKnown = changes.every(
    ({ operation, changed }) => operation === 'U' && changed.length > 0,
  );
  const changed = isKnown ? [...new Set(changes.flatMap((change) => change.changed))] : [];
  return [{ ...common, operation: 'UPDATE', changed }];
}
