import { keyText, knownValues, type NamedRow, type NewRow } from './row-ref.ts';
import type { CreatePlan, UpdatePlan } from './plan-write.ts';
import type { UniqueColumns, WritableTable } from './writable-table.ts';

export type RowsByTable = readonly (readonly [WritableTable, readonly NewRow[]])[];

/** The rows that a root field creates. A `connect` can identify them by a key before they are inserted. */
export class CreatedRows {
  readonly #rows: RowsByTable;
  /** The rows by the text of their keys. */
  readonly #byKey = new Map<UniqueColumns, ReadonlyMap<string, NewRow>>();

  constructor(rows: RowsByTable) {
    this.#rows = rows;
  }

  /** Returns the row with this key. Null if the root field does not create such a row. */
  find({ unique, values }: Pick<NamedRow, 'unique' | 'values'>): NewRow | null {
    const rows = this.#byKey.get(unique) ?? this.#index(unique);
    this.#byKey.set(unique, rows);
    return rows.get(keyText(unique.columns, values)) ?? null;
  }

  #index(unique: UniqueColumns): ReadonlyMap<string, NewRow> {
    const found = new Map<string, NewRow>();
    for (const [table, rows] of this.#rows) {
      if (table.uniques.get(unique.key.name) !== unique) continue;
      for (const row of rows) {
        const values = knownValues(row, unique.key.columns);
        if (values !== null) found.set(keyText(unique.columns, values), row);
      }
    }
    return found;
  }
}

/** The rows that a root field creates, by table. */
export function createdRows(plan: CreatePlan | UpdatePlan): RowsByTable {
  return plan.kind === 'CREATE'
    ? [[plan.table, plan.rows], ...plan.draft.rows]
    : [...plan.draft.before.rows, ...plan.draft.after.rows];
}
