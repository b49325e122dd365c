import type { JsonValue, Precision } from '../../sdl/model.ts';
import type { CheckRule } from './check-rule.ts';
import type { ColumnType } from './column-type.ts';

/** A PostgreSQL table that a model requires, as plain data. */
export interface Table {
  readonly name: string;
  /** The name that users see: `Issue` for a model, `Issue.labels` for a join table. */
  readonly label: string;
  readonly kind: 'TYPE' | 'JOIN';
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  readonly checks: readonly Check[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface Column {
  readonly name: string;
  /** The name of the field that the column stores. In a join table, it is the relation side: `Issue.labels`. */
  readonly origin: string;
  /** The name that users see, if several columns store the field: `shelfId` for a column of `Cell.shelf`. */
  readonly partLabel: string | null;
  readonly type: ColumnType;
  /** The precision of a numeric column. */
  readonly decimal?: Precision | undefined;
  /** The enum whose values the column has. */
  readonly enumName?: string | undefined;
  readonly list: boolean;
  readonly notNull: boolean;
  readonly default: ColumnDefault | null;
  /** The name of the sequence that numbers new rows, if this is an identity column. */
  readonly sequence: string | null;
  /** What rows get that have no value when the column is added or becomes required, in order of preference. */
  readonly fills: readonly Fill[];
}

export type ColumnDefault =
  | { readonly kind: 'NOW' }
  /** Another value for each row. */
  | { readonly kind: 'GENERATE'; readonly generate: 'UUID' | 'CUID' | 'NANOID' }
  | { readonly kind: 'VALUE'; readonly value: JsonValue };

export type Fill =
  | ColumnDefault
  /** The value of another column of the row. */
  | { readonly kind: 'COLUMN'; readonly column: string };

export interface Key {
  readonly kind: 'PRIMARY_KEY' | 'UNIQUE' | 'INDEX';
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Check {
  readonly name: string;
  readonly column: string;
  readonly rule: CheckRule;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly table: string;
  /** As many as `columns`, and in the same order. */
  readonly referencedColumns: readonly string[];
  readonly onDelete: 'RESTRICT' | 'CASCADE' | 'SET NULL';
  /** `CASCADE` if the referenced columns can be changed, because they are not the primary key. */
  readonly onUpdate: 'NO ACTION' | 'CASCADE';
}

/** The column name that users see: `Issue.title`. In a join table, it is the relation side: `Issue.labels`. */
export function columnLabel(table: Table, column: string): string {
  const found = table.columns.find(({ name }) => name === column);
  const label = found?.partLabel ?? found?.origin ?? column;
  return table.kind === 'JOIN' ? label : `${table.label}.${label}`;
}

/** The relation of a foreign key: `Issue.board`. */
export function foreignKeyLabel(table: Table, { columns }: ForeignKey): string {
  const origin = originOf(table, columns[0] ?? '');
  return table.kind === 'JOIN' ? origin : `${table.label}.${origin}`;
}

/** `Issue(board, number)` */
export function keyLabel(table: Table, { columns }: Key): string {
  const fields = new Set(columns.map((column) => originOf(table, column)));
  return `${table.label}(${[...fields].join(', ')})`;
}

function originOf(table: Table, column: string): string {
  return table.columns.find(({ name }) => name === column)?.origin ?? column;
}
