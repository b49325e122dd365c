import type { DraftRow, Lookup, RowId } from './draft.ts';
import type { CreatePlan, UpdatePlan } from './plan-write.ts';
import type { UniqueColumns, WritableTable } from './writable-table.ts';

export type RowsByTable = readonly (readonly [WritableTable, readonly DraftRow[]])[];

/** The rows that a root field creates. A `connect` can identify them by a unique key before they are inserted. */
export class CreatedRows {
  readonly #rows: RowsByTable;
  readonly #idOf: (row: RowId) => string | null;
  /** The ids by the text of their keys. */
  readonly #ids = new Map<UniqueColumns, ReadonlyMap<string, string>>();

  /** @param idOf returns the id of a row, or null if the row has not been found */
  constructor(rows: RowsByTable, idOf: (row: RowId) => string | null) {
    this.#rows = rows;
    this.#idOf = idOf;
  }

  /** Returns the id of the row with this key. Null if the root field does not create such a row. */
  find({ unique, values }: Lookup): string | null {
    const ids = this.#ids.get(unique) ?? this.#index(unique);
    this.#ids.set(unique, ids);
    return ids.get(keyText(unique, values)) ?? null;
  }

  #index(unique: UniqueColumns): ReadonlyMap<string, string> {
    const ids = new Map<string, string>();
    for (const [table, rows] of this.#rows) {
      if (table.uniques.get(unique.key.name) !== unique) continue;
      for (const row of rows) {
        const values = this.#keyOf(table, unique, row);
        if (!values.includes(null)) ids.set(keyText(unique, values), row.id);
      }
    }
    return ids;
  }

  #keyOf(table: WritableTable, { columns }: UniqueColumns, row: DraftRow): readonly unknown[] {
    return columns.map(({ column }) => {
      const index = table.columns.findIndex((each) => each.column === column);
      const cell = row.cells[index] ?? null;
      // The cell of a foreign key contains only a `RowId`.
      return table.columns[index]?.owningSide ? this.#idOf(cell as RowId) : cell;
    });
  }
}

function keyText({ columns }: UniqueColumns, values: readonly unknown[]): string {
  return JSON.stringify(columns.map(({ codec }, index) => codec.canonical(values[index])));
}

/** The rows that a root field creates, by table. */
export function createdRows(plan: CreatePlan | UpdatePlan): RowsByTable {
  return plan.kind === 'CREATE'
    ? [[plan.table, plan.rows], ...plan.draft.rows]
    : [...plan.draft.before.rows, ...plan.draft.after.rows];
}
