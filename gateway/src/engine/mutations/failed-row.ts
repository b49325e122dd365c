import type { DatabaseError } from '../sql/database-error.ts';
import type { ConstraintMeaning } from './constraint-index.ts';
import type { RowsByTable } from './created-rows.ts';
import type { DraftRow, RowId } from './draft.ts';
import type { InputLocation } from './input-location.ts';
import type { WritableColumn, WritableTable } from './writable-table.ts';

/** The rows that a write creates, and their ids. */
export interface Candidates {
  readonly rows: RowsByTable;
  /** Returns the id of a row, or null if the row has not been found. */
  readonly idOf: (row: RowId) => string | null;
}

/**
 * Finds the new row that violates a constraint, by the values in the details of PostgreSQL's error. All rows are
 * inserted by one statement, so the error has no other information about the row.
 *
 * @returns the location of the row in the input. Null if no row or several rows match
 */
export function locateViolation(
  meaning: ConstraintMeaning,
  { detail }: DatabaseError,
  candidates: Candidates,
): InputLocation | null {
  if (detail === null) return null;
  switch (meaning.kind) {
    case 'UNIQUE': {
      const matching = rowsWithValues(meaning.type, meaning.fields, detail, candidates);
      // Of two rows with the same key, the second one is rejected.
      return (matching[1] ?? matching[0])?.location ?? null;
    }
    case 'FOREIGN_KEY': {
      const { type, field } = meaning.owningSide;
      return rowsWithValues(type, [field], detail, candidates)[0]?.location ?? null;
    }
    case 'CHECK':
      return locateFailingRow(meaning.type, detail, candidates);
    default:
      return null;
  }
}

/**
 * Finds a row whose id is one of the values in `Failing row contains (…)`.
 *
 * @returns null if several ids are found, because texts of the row can also contain ids
 */
export function locateFailingRow(
  type: string,
  detail: string,
  { rows }: Candidates,
): InputLocation | null {
  const ids = new Set(
    detail.match(/(?<=[(,] ?)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=[,)])/g),
  );
  const [only, ...others] = rowsOf(type, rows).filter(({ row }) => ids.has(row.id.toLowerCase()));
  return only === undefined || others.length > 0 ? null : only.row.location;
}

/** The rows whose values are the ones in `Key (a, b)=(1, x) …`. The text after the key is localized. */
function rowsWithValues(
  type: string,
  fields: readonly string[],
  detail: string,
  { rows, idOf }: Candidates,
): readonly DraftRow[] {
  const values = /\)=\((.*)\)/s.exec(detail)?.[1];
  return rowsOf(type, rows).flatMap(({ table, row }) => {
    const printed = fields.map((name) => {
      const at = table.columns.findIndex((column) => column.name === name);
      return printedCell(table.columns[at], row.cells[at], idOf);
    });
    return printed.join(', ') === values ? [row] : [];
  });
}

function printedCell(
  column: WritableColumn | undefined,
  cell: unknown,
  idOf: Candidates['idOf'],
): string | null {
  if (column === undefined || cell === null || cell === undefined) return null;
  // The cell of a foreign key contains only a `RowId`.
  const value = column.owningSide === null ? cell : idOf(cell as RowId);
  return value === null ? null : column.codec.printed(value);
}

function rowsOf(
  type: string,
  rows: RowsByTable,
): readonly { readonly table: WritableTable; readonly row: DraftRow }[] {
  return rows.flatMap(([table, each]) =>
    table.type.name === type ? each.map((row) => ({ table, row })) : [],
  );
}
