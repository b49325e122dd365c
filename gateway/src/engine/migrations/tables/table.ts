import type { JsonValue } from '../../sdl/model.ts';
import type { CheckRule } from './check-rule.ts';
import type { ColumnType } from './column-type.ts';

/** A table as it should be: what a model asks of PostgreSQL, in PostgreSQL's words. Plain data. */
export interface Table {
  readonly name: string;
  /** How people know it: `Issue`, and for the pairs of two lists `Issue.labels`. */
  readonly label: string;
  readonly kind: 'TYPE' | 'JOIN';
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  readonly checks: readonly Check[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface Column {
  readonly name: string;
  /** What the column is for: the field's name, and in a join table the side's, `Issue.labels`. */
  readonly origin: string;
  readonly type: ColumnType;
  readonly list: boolean;
  readonly notNull: boolean;
  readonly default: ColumnDefault | null;
}

export type ColumnDefault =
  { readonly kind: 'NOW' } | { readonly kind: 'VALUE'; readonly value: JsonValue };

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
  readonly column: string;
  readonly table: string;
  readonly referencedColumn: string;
  readonly onDelete: 'RESTRICT' | 'CASCADE' | 'SET NULL';
}

/** What people call a column: `Issue.title`, and for a side of a join table that side, `Issue.labels`. */
export function columnLabel(table: Table, column: string): string {
  const origin = originOf(table, column);
  return table.kind === 'JOIN' ? origin : `${table.label}.${origin}`;
}

/** `Issue(board, number)` */
export function keyLabel(table: Table, { columns }: Key): string {
  return `${table.label}(${columns.map((column) => originOf(table, column)).join(', ')})`;
}

function originOf(table: Table, column: string): string {
  return table.columns.find(({ name }) => name === column)?.origin ?? column;
}
