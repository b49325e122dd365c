import type { ModelType } from '../sdl/model.ts';
import { ident, sql, type Sql } from '../sql/sql.ts';
import { columnOf } from './column.ts';
import { whereClause, type Conditions } from './conditions.ts';
import type { CompileContext, SelectedField } from './context.ts';
import { cursorOf, cursorParameters, signatureOf } from './cursor.ts';
import type { InputPath } from './input-budget.ts';
import { decidingKeys, fixedColumns } from './decided-order.ts';
import { argumentTree } from './input-tree.ts';
import { beyond } from './keyset.ts';
import type { Source } from './link.ts';
import { compileOrder, orderClause, reversed, type Ordering, type OrderKey } from './order.ts';
import { compilePage, type CursorArgument, type Page } from './page.ts';
import type { Parameter } from './statement.ts';
import { compileWhere } from './where.ts';

/** Rows of one type that a connection is about. */
export interface ListRows {
  readonly type: ModelType;
  readonly alias: Sql;
  readonly source: Source;
}

/** A list with its arguments read: which rows, in which order, and which page of them. */
export interface ListQuery extends ListRows {
  readonly conditions: Conditions;
  readonly ordering: Ordering;
  /** Those of the order's keys that tell where a row stands. */
  readonly deciding: readonly OrderKey[];
  readonly page: Page;
  /** Of the order: cursors carry it. */
  readonly signature: string;
  /** For each key of the order its value where the page starts, and where it ends. */
  readonly after: readonly Parameter[] | null;
  readonly before: readonly Parameter[] | null;
}

/** @throws OperationError */
export function compileList(
  context: CompileContext,
  field: SelectedField,
  rows: ListRows,
  path: InputPath,
): ListQuery {
  const { type, alias, source } = rows;
  const where = argumentTree(context, field, 'where', path);
  const order = argumentTree(context, field, 'orderBy', path);
  const filter = compileWhere(context, where, { type, alias, path: [...path, 'where'] });
  const ordering = compileOrder(context, order, { type, alias, path: [...path, 'orderBy'] });
  const page = compilePage(context, field, type.maxPageSize, path);
  const signature = signatureOf(type, ordering.keys);
  const { schema } = context;
  const valuesOf = (cursor: CursorArgument | null) =>
    cursor && cursorParameters({ schema, signature, keys: ordering.keys, ...cursor });
  return {
    ...rows,
    conditions: [...source.tie, ...filter],
    ordering,
    deciding: decidingKeys(type, alias, ordering.keys, [
      ...source.fixed,
      ...fixedColumns(context.index, type, where),
    ]),
    page,
    signature,
    after: valuesOf(page.after),
    before: valuesOf(page.before),
  };
}

interface PageRowsOptions {
  readonly extra: 0 | 1;
  /** May name the row and those that its order leads to. */
  readonly columns: Sql;
  /** What the result will be called. */
  readonly alias: Sql;
}

/**
 * The rows of the page and up to `extra` more, in the direction of paging: from the end where the page is
 * backward.
 */
export function pageRows(list: ListQuery, { extra, columns, alias }: PageRowsOptions): Sql {
  const { page, deciding: keys, after, before } = list;
  const within = [
    ...(after === null ? [] : [beyond({ keys, values: after, inclusive: false })]),
    ...(before === null
      ? []
      : [beyond({ keys: reversed(keys), values: before, inclusive: false })]),
  ];
  const { bound, exact } = page.size.limit(extra);
  const order = orderClause(page.backward ? reversed(keys) : keys);
  const offset = page.offset === null ? sql`` : sql` OFFSET ${page.offset}`;
  const rows = sql`SELECT ${columns}${rowsWhere(list, within)}${order} LIMIT ${bound}${offset}`;
  return exact === null ? rows : sql`SELECT ${alias}.* FROM (${rows}) AS ${alias} LIMIT ${exact}`;
}

/** Is there any row before the page? Exact, unlike what Relay asks for. */
export function hasRowsBefore(list: ListQuery): Sql {
  const { after, page } = list;
  if (page.offset !== null) {
    return sql`(${page.offset} > 0 AND EXISTS (SELECT${rowsWhere(list, [])}))`;
  }
  return after === null ? sql`FALSE` : hasRows(list, after, reversed(list.deciding));
}

export function hasRowsAfter(list: ListQuery): Sql {
  const { before } = list;
  return before === null ? sql`FALSE` : hasRows(list, before, list.deciding);
}

function hasRows(list: ListQuery, values: readonly Parameter[], keys: readonly OrderKey[]): Sql {
  return sql`EXISTS (SELECT${rowsWhere(list, [beyond({ keys, values, inclusive: true })])})`;
}

/** ` FROM … WHERE …` with what the order joins. */
function rowsWhere({ source, ordering, conditions }: ListQuery, more: Conditions): Sql {
  return sql` FROM ${source.from}${ordering.joins}${whereClause([...conditions, ...more])}`;
}

/** ` FROM … WHERE …` of all that the filter is true of, whatever the page. */
export function allRows({ source, conditions }: ListQuery): Sql {
  return sql` FROM ${source.from}${whereClause(conditions)}`;
}

/** The keys of the order for cursors, where the rows that it leads to can be named. */
export function cursorIn({ signature, ordering: { keys } }: ListQuery): Sql {
  return cursorOf(
    signature,
    keys.map(({ alias, column }) => ({
      expression: columnOf(alias, column.name),
      type: column.type,
    })),
  );
}

/**
 * The same over the rows of a page that were selected with `columns`: keys of other rows are carried along
 * under names that no column has.
 */
export function carriedCursor({ alias: row, signature, ordering: { keys } }: ListQuery): {
  readonly columns: readonly Sql[];
  readonly cursor: Sql;
} {
  const columns: Sql[] = [];
  const cursorKeys = keys.map(({ alias, column }) => {
    const expression = columnOf(alias, column.name);
    if (alias === row) return { expression, type: column.type };
    const name = ident(`order ${columns.length}`);
    columns.push(sql`${expression} AS ${name}`);
    return { expression: sql`${row}.${name}`, type: column.type };
  });
  return { columns, cursor: cursorOf(signature, cursorKeys) };
}
