import { assertNever } from '../../../platform/assert-never.ts';
import { commaList, sql, type Sql } from '../../sql/sql.ts';
import { castBetween } from '../cast.ts';
import type { ColumnPair, TableDiff } from '../diff-tables.ts';
import { isSameType, typeName } from '../tables/column-type.ts';
import type { Column, Fill, Table } from '../tables/table.ts';
import { defaultExpression } from './ddl.ts';

/** Whether nulls in a column that is kept must be replaced. */
export function becomesRequired({ before, after, cast }: ColumnPair): boolean {
  // A cast that can result in null needs an optional column, even if the column is required afterwards.
  return after.notNull && (!before.notNull || cast?.mayBecomeNull === true);
}

/** A cast from a single value to a required list converts nulls to empty lists. */
export function isFilledByCast({ before, after, cast }: ColumnPair): boolean {
  return cast !== null && after.list && !before.list;
}

/** What rows get that have no value in a column: the first of these that is not null. */
export function fillsOf(column: Column, { columns }: Pick<TableDiff, 'columns'>): readonly Fill[] {
  const pair = columns.kept.find(({ after }) => after === column);
  if (pair === undefined) return column.fills;
  return becomesRequired(pair) && !isFilledByCast(pair) ? column.fills : [];
}

/**
 * An expression for the value that a row gets. Null if it gets none.
 *
 * @param valueOf returns the new value of another column of the row
 */
export function fillExpression(
  column: Column,
  { fills, table }: { readonly fills: readonly Fill[]; readonly table: Table },
  valueOf: (column: string) => Sql,
): Sql | null {
  const values = fills.map((fill) => expressionOf(fill, column, table, valueOf));
  const [only, ...others] = values;
  if (only === undefined) return null;
  return others.length === 0 ? only : sql`coalesce(${commaList(values)})`;
}

function expressionOf(
  fill: Fill,
  column: Column,
  table: Table,
  valueOf: (column: string) => Sql,
): Sql {
  switch (fill.kind) {
    case 'VALUE':
    case 'NOW':
    case 'GENERATE':
      return defaultExpression({ ...column, default: fill }) ?? sql`NULL::${typeName(column)}`;
    case 'COLUMN': {
      const value = valueOf(fill.column);
      const cast = fillCast(fill.column, column, table);
      if (cast === null) return value;
      const converted = cast.using(value);
      if (cast.hazard !== 'MAY_FAIL' || cast.affected === null) return converted;
      return sql`CASE WHEN ${cast.affected(value)} THEN NULL ELSE ${converted} END`;
    }
    default:
      return assertNever(fill);
  }
}

/** The cast from another column of the table. Null if both have the same type. */
export function fillCast(from: string, column: Column, table: Table) {
  const source = table.columns.find(({ name }) => name === from);
  return source === undefined || isSameType(source, column) ? null : castBetween(source, column);
}

/** Whether rows can have no value in a column after it is filled. */
export function canBeNull(column: Column, table: Table): boolean {
  return column.fills.every((fill) => {
    if (fill.kind !== 'COLUMN') return false;
    const source = table.columns.find(({ name }) => name === fill.column);
    const cast = fillCast(fill.column, column, table);
    return source?.notNull !== true || cast?.mayBecomeNull === true;
  });
}

/** Orders columns so that a column is filled after the column that it is filled from. */
export function inFillOrder(columns: readonly Column[]): readonly Column[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const ordered = new Set<Column>();
  const visited = new Set<Column>();
  const visit = (column: Column) => {
    if (visited.has(column)) return;
    visited.add(column);
    for (const fill of column.fills) {
      const source = fill.kind === 'COLUMN' ? byName.get(fill.column) : undefined;
      if (source !== undefined) visit(source);
    }
    ordered.add(column);
  };
  for (const column of columns) visit(column);
  return [...ordered];
}
