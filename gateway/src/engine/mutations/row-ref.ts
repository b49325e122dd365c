import { operationErrors, type OperationError } from '../errors.ts';
import type { PgValue } from '../sql/statement-runner.ts';
import type { InputLocation } from './input-location.ts';
import type { UniqueColumns, WritableColumn, WritableTable } from './writable-table.ts';

/** A row that a write refers to: a new row, a row that the input names, or the row that the root field updates. */
export interface RowRef {
  readonly table: WritableTable;
  /** Returns the value of a column. `undefined` if the row has not been looked up or written yet, or does not exist. */
  value(column: string): PgValue | undefined;
}

/** A cell that contains the value of a column of another row, which can be known only while the write runs. */
export class CellOf {
  readonly row: RowRef;
  readonly column: string;
  /** Where the input refers to the row. */
  readonly location: InputLocation;

  constructor(row: RowRef, column: string, location: InputLocation) {
    this.row = row;
    this.column = column;
    this.location = location;
  }
}

/**
 * The error if a row cannot be referenced, because it has no value in a column that the foreign key references. Null
 * equals no other value.
 */
export function notReferable(
  { table: { type, columns, position } }: RowRef,
  column: string,
  { path }: InputLocation,
): OperationError {
  const name = columns[position(column)]?.name ?? column;
  return operationErrors.notReferable(type.name, name, path);
}

/** The key of a new row that comes from a sequence. */
export class DrawnNumber {
  /** The position of the row among the new rows of the request, in the order in which they are read. */
  readonly order: number;
  /** Null until the number is reserved. PostgreSQL draws it when it inserts the row then. */
  number: string | null = null;

  constructor(order: number) {
    this.order = order;
  }
}

/** A cell that a preset fills with a value of the caller. A value of the caller's row is read before the write. */
export class PresetCell {
  readonly #isRequired: boolean;
  readonly #refusal: OperationError;
  #value: PgValue | undefined = undefined;

  /** @param refusal the error if the caller has no value for a required field */
  constructor(isRequired: boolean, refusal: OperationError) {
    this.#isRequired = isRequired;
    this.#refusal = refusal;
  }

  set(value: PgValue): void {
    this.#value = value;
  }

  /** `undefined` until it has been read. @throws OperationError `FORBIDDEN` */
  get value(): PgValue | undefined {
    if (this.#value === null && this.#isRequired) throw this.#refusal;
    return this.#value;
  }
}

/** Whether the value of a cell is known only while the write runs. */
export function isPending(cell: unknown): boolean {
  return cell instanceof CellOf || cell instanceof DrawnNumber || cell instanceof PresetCell;
}

/** A new row. Cells are in the order of `WritableTable.columns`. */
export class NewRow implements RowRef {
  readonly table: WritableTable;
  readonly location: InputLocation;
  /** Coerced values, or a `CellOf` or `DrawnNumber`. */
  readonly cells: unknown[] = [];
  /** The fields with access rules of their own that the input contains. */
  readonly given: readonly string[];

  constructor(table: WritableTable, location: InputLocation, given: readonly string[] = []) {
    this.table = table;
    this.location = location;
    this.given = given;
  }

  value(column: string): PgValue | undefined {
    const position = this.table.position(column);
    return knownCell(this.table.columns[position], this.cells[position]);
  }
}

/** A row that the input names by a key in `connect`, `disconnect` or `set`. */
export class NamedRow implements RowRef {
  readonly table: WritableTable;
  readonly unique: UniqueColumns;
  /** The coerced values of the key, in the order of `unique.columns`. */
  readonly values: readonly unknown[];
  readonly location: InputLocation;
  /** Whether the row can be missing, as in `disconnect`: a missing row does not have to be disconnected. */
  readonly isOptional: boolean;
  #found: FoundRow | null = null;

  constructor(
    key: {
      readonly table: WritableTable;
      readonly unique: UniqueColumns;
      readonly values: readonly unknown[];
    },
    location: InputLocation,
    isOptional: boolean,
  ) {
    this.table = key.table;
    this.unique = key.unique;
    this.values = key.values;
    this.location = location;
    this.isOptional = isOptional;
  }

  get isFound(): boolean {
    return this.#found !== null;
  }

  /** The row, if the same root field creates it. */
  get created(): RowRef | null {
    return this.#found !== null && 'row' in this.#found ? this.#found.row : null;
  }

  /** Sets the row that the key identifies. */
  find(row: RowRef | RowKey): void {
    this.#found = isKey(row) ? { table: this.table, key: row } : { row };
  }

  /**
   * Whether the input contains exactly these columns, so that the row need not be looked up. If it contains others, they
   * must be compared with the row.
   */
  names(columns: readonly string[]): boolean {
    return (
      columns.length === this.unique.columns.length &&
      columns.every((name) => this.unique.columns.some(({ column }) => column === name))
    );
  }

  value(column: string): PgValue | undefined {
    const index = this.unique.columns.findIndex((each) => each.column === column);
    const own = this.unique.columns[index];
    if (own !== undefined) return own.codec.toParameter(this.values[index]);
    return this.#found === null ? undefined : valueOf(this.#found, column);
  }
}

/** The row that a root field updates. */
export class UpdatedRow implements RowRef {
  readonly table: WritableTable;
  #key: RowKey | null = null;

  constructor(table: WritableTable) {
    this.table = table;
  }

  set(key: RowKey): void {
    this.#key = key;
  }

  value(column: string): PgValue | undefined {
    return this.#key === null ? undefined : valueOf({ table: this.table, key: this.#key }, column);
  }
}

/**
 * A row that exists: the texts of its columns in `WritableTable.identity`, as PostgreSQL returns them. Columns of the key
 * are never null.
 */
export type RowKey = readonly (string | null)[];

type FoundRow = { readonly row: RowRef } | { readonly table: WritableTable; readonly key: RowKey };

function isKey(row: RowRef | RowKey): row is RowKey {
  return Array.isArray(row);
}

function valueOf(found: FoundRow, column: string): PgValue | undefined {
  if ('row' in found) return found.row.value(column);
  const index = found.table.identity.findIndex((each) => each.column === column);
  const text = found.key[index];
  if (text === undefined) throw new Error(`No statement returns the column ${column}.`);
  return text;
}

/**
 * Converts a cell to a value of a statement. The cell of a foreign key can refer to another row.
 *
 * @throws OperationError `BAD_USER_INPUT` if that row has no value in the referenced column
 * @throws Error if that row has not been looked up or written yet
 */
export function storedCell(column: WritableColumn | undefined, cell: unknown): PgValue {
  const value = knownCell(column, cell);
  if (value === undefined) throw new Error('The row has not been looked up yet.');
  if (value === null && cell instanceof CellOf) {
    throw notReferable(cell.row, cell.column, cell.location);
  }
  return value;
}

/** Like `storedCell`, but returns `undefined` if the value is not known yet. */
export function knownCell(column: WritableColumn | undefined, cell: unknown): PgValue | undefined {
  if (column === undefined || cell === null || cell === undefined) return null;
  if (cell instanceof CellOf) return cell.row.value(cell.column);
  if (cell instanceof DrawnNumber) return cell.number;
  if (cell instanceof PresetCell) return cell.value;
  return column.codec.toParameter(cell);
}

/** Returns the values of a row's columns. @throws Error if the row has not been looked up or written yet */
export function valuesOf(row: RowRef, columns: readonly string[]): readonly PgValue[] {
  return columns.map((column) => {
    const value = row.value(column);
    if (value === undefined) throw new Error('The row has not been looked up yet.');
    return value;
  });
}

/** Like `valuesOf`. Null if the row does not exist, or has not been looked up or written yet. */
export function knownValues(row: RowRef, columns: readonly string[]): readonly PgValue[] | null {
  const values = columns.map((column) => row.value(column));
  return values.includes(undefined) || values.includes(null) ? null : valuesOf(row, columns);
}

/** Returns the same text for two rows of a table if and only if they have the same key. */
export function keyText(columns: readonly WritableColumn[], values: readonly unknown[]): string {
  const texts = columns.map(({ codec }, index) => codec.canonical(values[index]));
  return texts.length === 1 ? (texts[0] ?? '') : JSON.stringify(texts);
}

/** Sorts rows by their keys: numbers by value, and other values by code unit. */
export function sortKeys(table: WritableTable, keys: readonly RowKey[]): readonly RowKey[] {
  return [...keys].sort((a, b) => {
    for (const [index, { codec }] of table.key.entries()) {
      const order = codec.compare(a[index] ?? '', b[index] ?? '');
      if (order !== 0) return order;
    }
    return 0;
  });
}
