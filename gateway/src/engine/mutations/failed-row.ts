import type { DatabaseError } from '../sql/database-error.ts';
import type { ConstraintMeaning } from './constraint-index.ts';
import type { RowsByTable } from './created-rows.ts';
import type { InputLocation } from './input-location.ts';
import { isPending, knownCell, type NewRow } from './row-ref.ts';

/**
 * Finds the new row that violates a constraint, by the values in the details of PostgreSQL's error. All rows are
 * inserted by one statement, so the error has no other information about the row.
 *
 * @returns the location of the row in the input. Null if no row or several rows match
 */
export function locateViolation(
  meaning: ConstraintMeaning,
  { detail }: DatabaseError,
  candidates: RowsByTable,
): InputLocation | null {
  if (detail === null) return null;
  switch (meaning.kind) {
    case 'UNIQUE': {
      const matching = rowsWithValues(meaning.type, meaning.fields, detail, candidates);
      // Of two rows with the same key, the second one is rejected.
      return (matching[1] ?? matching[0])?.location ?? null;
    }
    case 'FOREIGN_KEY': {
      const { type, names } = meaning.owningSide;
      return rowsWithValues(type, names, detail, candidates)[0]?.location ?? null;
    }
    case 'CHECK':
      return locateFailingRow(meaning.type, detail, candidates);
    default:
      return null;
  }
}

/**
 * Finds a row whose key is among the values in `Failing row contains (…)`.
 *
 * @returns null if several rows are found, because other values of the row can be equal to keys
 */
export function locateFailingRow(
  type: string,
  detail: string,
  rows: RowsByTable,
): InputLocation | null {
  const values = new Set(/\((.*)\)/s.exec(detail)?.[1]?.split(', '));
  const [only, ...others] = rowsOf(type, rows).filter((row) => {
    const key = row.table.key.map(({ column }) => printedCell(row, column));
    return key.every((value) => value !== null && values.has(value));
  });
  return only === undefined || others.length > 0 ? null : only.location;
}

/** The rows whose values are the ones in `Key (a, b)=(1, x) …`. The text after the key is localized. */
function rowsWithValues(
  type: string,
  names: readonly string[],
  detail: string,
  rows: RowsByTable,
): readonly NewRow[] {
  const values = printedKey(detail);
  return rowsOf(type, rows).filter((row) => {
    const printed = names.map((name) => {
      const column = row.table.columns.find((each) => each.name === name);
      return column === undefined ? null : printedCell(row, column.column);
    });
    return printed.join(', ') === values;
  });
}

/** The values in `Key (a, b)=(1, x) …`. */
export function printedKey(detail: string): string | null {
  return /\)=\((.*)\)/s.exec(detail)?.[1] ?? null;
}

/** The value as PostgreSQL prints it in the details of an error. */
function printedCell({ table, cells }: NewRow, name: string): string | null {
  const position = table.position(name);
  const column = table.columns[position];
  const cell = cells[position];
  if (column === undefined || cell === null || cell === undefined) return null;
  const value = isPending(cell) ? knownCell(column, cell) : cell;
  return value === null || value === undefined ? null : column.codec.printed(value);
}

function rowsOf(type: string, rows: RowsByTable): readonly NewRow[] {
  return rows.flatMap(([table, each]) => (table.type.name === type ? each : []));
}
