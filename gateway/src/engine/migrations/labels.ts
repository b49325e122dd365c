import type { Key, Table } from './tables/table.ts';

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
