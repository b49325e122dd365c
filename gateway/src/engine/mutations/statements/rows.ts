import { columnTypeOf, typeName } from '../../migrations/tables/column-type.ts';
import type { ValueType } from '../../sdl/model.ts';
import { commaList, sql, type Sql } from '../../sql/sql.ts';
import type { PgValue } from '../../sql/statement-runner.ts';
import type { WritableColumn } from '../writable-table.ts';
import type { NextSlot } from './statement.ts';

/** Columns that identify rows in a statement: of a row's key, or of a foreign key. */
export type KeyColumns = readonly Pick<WritableColumn, 'ident' | 'sqlType'>[];

/** One list for each column, for `unnest`: `[[1, 'a'], [2, 'b']]` → `[['1', '2'], ['a', 'b']]`. */
export function columnLists(
  rows: readonly (readonly PgValue[])[],
  width: number,
): readonly (readonly string[])[] {
  return Array.from({ length: width }, (_, index) => rows.map((row) => String(row[index] ?? '')));
}

/** `$1::uuid[]` */
export function typedList(type: ValueType, slot: Sql): Sql {
  return sql`${slot}::${typeName({ type: columnTypeOf(type), list: true })}`;
}

/** `$1::uuid[], $2::integer[]` */
function listsOf(columns: KeyColumns, slot: NextSlot): Sql {
  return commaList(columns.map(({ sqlType }) => sql`${slot()}::${sqlType}[]`));
}

/** `unnest($1::uuid[], $2::integer[])`: the rows of lists */
export function unnested(columns: KeyColumns, slot: NextSlot): Sql {
  return sql`unnest(${listsOf(columns, slot)})`;
}

/** Whether a row of the alias `t` is one of the rows with these keys. Each column has a list: see `columnLists`. */
export function isAnyOf(columns: KeyColumns, slot: NextSlot): Sql {
  const [only, ...more] = columns;
  return only !== undefined && more.length === 0
    ? sql`t.${only.ident} = ANY (${listsOf(columns, slot)})`
    : sql`(${ofAlias(columns)}) IN (SELECT * FROM ${unnested(columns, slot)})`;
}

/** Whether a row of the alias `t` is none of the rows with these keys. */
export function isNoneOf(columns: KeyColumns, slot: NextSlot): Sql {
  const [only, ...more] = columns;
  return only !== undefined && more.length === 0
    ? sql`t.${only.ident} <> ALL (${listsOf(columns, slot)})`
    : sql`(${ofAlias(columns)}) NOT IN (SELECT * FROM ${unnested(columns, slot)})`;
}

/** `t."shelf_id", t."item_id"` */
export function ofAlias(columns: KeyColumns): Sql {
  return commaList(columns.map(({ ident }) => sql`t.${ident}`));
}

/** `t."id"::text`: the columns as text, in the form in which statements return keys. */
export function asTexts(columns: KeyColumns): Sql {
  return commaList(columns.map(({ ident }) => sql`t.${ident}::text`));
}
