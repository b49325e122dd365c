import { operationErrors } from '../errors.ts';
import { columnText, nullableText, type Row, type Rows } from '../sql/statement-runner.ts';
import type { CreatePlan } from './plan-write.ts';
import { keyText, sortKeys, storedCell, valuesOf, type NewRow, type RowKey } from './row-ref.ts';
import { drawsKey } from './statements/insert.ts';
import type { Assignment } from './update-input.ts';
import type { WritableTable } from './writable-table.ts';
import type { WriteSession } from './write-session.ts';

/** The rows that a root field wrote. */
export interface WrittenRows {
  /** The keys, in the order in which the result lists the rows. */
  readonly keys: readonly RowKey[];
  /** The identity and the JSON values of each row, in any order. Null if the rows must be read back. */
  readonly rows: Rows | null;
}

export interface CountedRows extends WrittenRows {
  readonly matched: number;
}

/**
 * Reads the result of `updateCountedRows` or `deleteCountedRows`.
 * @throws OperationError `TOO_MANY_ROWS` if more than `atMost` rows match
 */
export function readCounted(
  session: WriteSession,
  { table, counted }: { readonly table: WritableTable; readonly counted: Rows },
  atMost: number,
): CountedRows {
  const matched = Number(columnText(counted[0], 0));
  if (matched > atMost) throw operationErrors.tooManyRows(atMost, { path: session.path });
  const rows = counted.flatMap(([, first, ...more]) => (first == null ? [] : [[first, ...more]]));
  return { matched, keys: sortedKeys(table, rows), rows };
}

/** The identity of a new row whose values are all known. */
export function identityOf(row: NewRow): RowKey {
  const columns = row.table.identity.map(({ column }) => column);
  return valuesOf(row, columns).map((value) => (value === null ? null : String(value)));
}

/** The identity of an updated row, from its identity before the update. */
export function identityAfter(
  { identity }: WritableTable,
  before: RowKey,
  assignments: readonly Assignment[],
): RowKey {
  return identity.map((column, index) => {
    const assignment = assignments.find((each) => each.column.column === column.column);
    if (assignment === undefined) return before[index] ?? null;
    const value = storedCell(column, assignment.value);
    return value === null ? null : String(value);
  });
}

/** The keys of the rows that were inserted, in the order of the input. */
export function insertedKeys({ table, rows }: CreatePlan, inserted: Rows): readonly RowKey[] {
  const keys = inserted.map((row) => keyOf(table, row));
  const [only] = rows;
  if (only !== undefined && drawsKey(only)) return keys;
  const byText = new Map(keys.map((key) => [keyText(table.key, key), key]));
  return rows.flatMap((row) => {
    const text = keyText(table.key, identityOf(row));
    const key = byText.get(text);
    // The entry is deleted because only the first of several rows with the same key was inserted.
    byText.delete(text);
    return key === undefined ? [] : [key];
  });
}

/** The columns of a row that a statement returned, which begin with `WritableTable.identity`. */
export function keyOf({ identity }: WritableTable, row: Row): RowKey {
  return identity.map((_, index) => nullableText(row, index));
}

export function sortedKeys(table: WritableTable, rows: Rows): readonly RowKey[] {
  return sortKeys(
    table,
    rows.map((row) => keyOf(table, row)),
  );
}

/** Returns the values of each row without its identity, in the order of the keys. A row that was not found is empty. */
export function allInOrder(table: WritableTable, keys: readonly RowKey[], rows: Rows): Rows {
  const width = table.identity.length;
  const byKey = new Map(
    rows.map((row) => [keyText(table.key, keyOf(table, row)), row.slice(width)]),
  );
  return keys.map((key) => byKey.get(keyText(table.key, key)) ?? []);
}
