import { ident, literal, param, sql, type Sql } from '../sql/sql.ts';
import { operationErrors, type ErrorPath } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import { argumentTree, leafOf, type LeafReader } from './input.ts';
import { cursorOf, cursorValues, isCut, type CursorKey } from './cursor.ts';
import { isAfter, signatureOf, type OrderKey, type PositionValue } from './keyset.ts';
import { compileOrder, decidingKeys, orderClause, reversed, type Ordering } from './order.ts';
import type { Parameter } from './plan.ts';
import type { CompileContext, FieldSelection } from './selection.ts';
import { whereClause, type RowSource } from './source.ts';
import type { Conditions } from './visibility.ts';
import { compileWhere, fixedColumns } from './where.ts';

/** A list with compiled arguments: the filter, the sort order and the page. */
export interface ListQuery extends RowSource {
  readonly conditions: Conditions;
  readonly ordering: Ordering;
  /** The sort keys that are sufficient to determine a row's position: see `decidingKeys`. */
  readonly deciding: readonly OrderKey[];
  readonly page: Page;
  /** Identifies the sort order. Every cursor contains this value. */
  readonly signature: string;
  /** The values of the `after` and `before` cursors, one for each sort key. Null if the cursor is not given. */
  readonly after: readonly PositionValue[] | null;
  readonly before: readonly PositionValue[] | null;
}

/** @throws OperationError if an argument is invalid */
export function compileList(
  context: CompileContext,
  field: FieldSelection,
  rows: RowSource,
  path: ErrorPath,
): ListQuery {
  const { type, alias } = rows;
  const where = argumentTree(context, field, 'where', path);
  const order = argumentTree(context, field, 'orderBy', path);
  const filter = compileWhere(context, where, { type, alias, path: [...path, 'where'] });
  const ordering = compileOrder(context, order, { type, alias, path: [...path, 'orderBy'] });
  const { page, after, before } = compilePage(context, field, type.maxPageSize, path);
  const signature = signatureOf(type, ordering.keys);
  const valuesOf = (cursor: GivenArgument | null) =>
    cursor && cursorValues(context, { row: rows, ordering, signature }, cursor);
  return {
    ...rows,
    conditions: [...rows.scope, ...filter],
    ordering,
    deciding: decidingKeys(rows, ordering.keys, [
      ...rows.fixed,
      ...fixedColumns(context, where, rows),
    ]),
    page,
    signature,
    after: valuesOf(after),
    before: valuesOf(before),
  };
}

/** The page of a list, without its cursors. */
export interface Page {
  /** Whether the page is counted from the end (`last`). */
  readonly backward: boolean;
  readonly size: PageSize;
  /** The number of rows to skip. */
  readonly offset: Sql | null;
}

interface PageSize {
  /** The maximum number of rows, as an SQL expression. */
  readonly rows: Sql;
  /** Returns the LIMIT for reading `rows` rows and `extra` additional rows. */
  readonly limit: (extra: 0 | 1) => PageLimit;
}

/**
 * The LIMIT of a page: an inner LIMIT with a constant and, if necessary, an outer one with the requested number. For
 * `LIMIT $1` alone, PostgreSQL's generic plan assumes that a tenth of all rows is returned. PostgreSQL therefore
 * prefers custom plans and plans the statement for each execution. The inner LIMIT avoids this.
 */
interface PageLimit {
  readonly constant: Sql;
  /** The outer LIMIT with the requested number. Null if the constant equals the requested number. */
  readonly exact: Sql | null;
}

interface GivenArgument {
  readonly read: LeafReader;
  readonly path: ErrorPath;
}

interface PageArguments {
  readonly page: Page;
  readonly after: GivenArgument | null;
  readonly before: GivenArgument | null;
}

/**
 * Compiles `first`, `after`, `last`, `before` and `offset`. Null is treated as absent, because clients send null for
 * options that are not set.
 * @throws OperationError for arguments that cannot be combined. Numbers are checked when they are bound.
 */
function compilePage(
  context: CompileContext,
  field: FieldSelection,
  maxPageSize: number,
  path: ErrorPath,
): PageArguments {
  const given = (name: 'first' | 'last' | 'after' | 'before' | 'offset'): GivenArgument | null => {
    const tree = argumentTree(context, field, name, path);
    const at = [...path, name];
    return tree.kind === 'NULL' || tree.kind === 'ABSENT'
      ? null
      : { read: leafOf(tree, at), path: at };
  };
  const first = given('first');
  const last = given('last');
  const after = given('after');
  const before = given('before');
  const offset = given('offset');
  if (first !== null && last !== null) {
    throw operationErrors.firstAndLast(last.path);
  }
  if (offset !== null && (last ?? after ?? before) !== null) {
    throw operationErrors.offsetNotAlone(offset.path);
  }
  const size = first ?? last;
  const page: Page = {
    backward: last !== null,
    size: size === null ? defaultSize(maxPageSize) : givenSize(size, maxPageSize),
    offset:
      offset === null
        ? null
        : sql`${param(wholeNumber(offset, { most: requestLimits.offset, extra: 0 }))}::bigint`,
  };
  return { page, after, before };
}

function defaultSize(maxPageSize: number): PageSize {
  const size = Math.min(requestLimits.defaultPageSize, maxPageSize);
  return {
    rows: literal(size),
    limit: (extra) => ({ constant: literal(size + extra), exact: null }),
  };
}

function givenSize(argument: GivenArgument, most: number): PageSize {
  const rows = wholeNumber(argument, { most, extra: 0 });
  const oneMore = wholeNumber(argument, { most, extra: 1 });
  return {
    rows: sql`${param(rows)}::bigint`,
    limit: (extra) => ({
      constant: literal(most + extra),
      exact: sql`${param(extra === 0 ? rows : oneMore)}::bigint`,
    }),
  };
}

function wholeNumber(
  { read, path }: GivenArgument,
  { most, extra }: { readonly most: number; readonly extra: number },
): Parameter {
  return (variables) => {
    const value = read(variables);
    if (typeof value !== 'number' || value < 0 || value > most) {
      throw operationErrors.numberOutOfRange(path, most);
    }
    return value + extra;
  };
}

interface PageRowsOptions {
  readonly extra: 0 | 1;
  /** The select list. It can refer to the row and to the rows that are joined for sorting. */
  readonly columns: Sql;
  /** The alias of the result. */
  readonly alias: Sql;
}

/** The rows of the page and up to `extra` more, in the direction of paging: a backward page is read from its end. */
export function pageRows(list: ListQuery, { extra, columns, alias }: PageRowsOptions): Sql {
  const { page, deciding: keys, after, before } = list;
  const within = [
    ...(after === null ? [] : [isAfter({ keys, values: after, inclusive: false })]),
    ...(before === null
      ? []
      : [isAfter({ keys: reversed(keys), values: before, inclusive: false })]),
  ];
  const { constant, exact } = page.size.limit(extra);
  const order = orderClause(page.backward ? reversed(keys) : keys);
  const offset = page.offset === null ? sql`` : sql` OFFSET ${page.offset}`;
  const rows = sql`SELECT ${columns}${orderedRows(list, within)}${order} LIMIT ${constant}${offset}`;
  return exact === null ? rows : sql`SELECT ${alias}.* FROM (${rows}) AS ${alias} LIMIT ${exact}`;
}

/**
 * Whether there is a row before the page. The result is exact, although the Relay specification would allow returning
 * false.
 */
export function hasRowsBefore(list: ListQuery): Sql {
  const { after, page } = list;
  if (page.offset !== null) {
    return sql`(${page.offset} > 0 AND EXISTS (SELECT${orderedRows(list, [])}))`;
  }
  return after === null ? sql`FALSE` : hasRows(list, after, reversed(list.deciding));
}

export function hasRowsAfter(list: ListQuery): Sql {
  const { before } = list;
  return before === null ? sql`FALSE` : hasRows(list, before, list.deciding);
}

function hasRows(
  list: ListQuery,
  values: readonly PositionValue[],
  keys: readonly OrderKey[],
): Sql {
  return sql`EXISTS (SELECT${orderedRows(list, [isAfter({ keys, values, inclusive: true })])})`;
}

/** ` FROM … WHERE …`, including the joins for sorting. */
function orderedRows({ from, ordering, conditions }: ListQuery, more: Conditions): Sql {
  return sql` FROM ${from}${ordering.joins}${whereClause([...conditions, ...more])}`;
}

/** ` FROM … WHERE …` for all rows that match the filter, regardless of the page. */
export function allRows({ from, conditions }: ListQuery): Sql {
  return sql` FROM ${from}${whereClause(conditions)}`;
}

/** The cursor of a row, in a query that joins the related rows for sorting. */
export function cursorIn({ signature, ordering }: ListQuery): Sql {
  return cursorOf(
    signature,
    ordering.keys.map((key) => ({
      expression: key.expression,
      type: key.column.type,
      isCut: isCut(key, ordering),
    })),
  );
}

/**
 * The cursor of a row that comes from a subquery. In addition to the row, the subquery must select `columns`, which
 * contain the sort keys of joined rows. Their names cannot collide with the names of a table's columns.
 */
export function carriedCursor({ alias: row, signature, ordering }: ListQuery): {
  readonly columns: readonly Sql[];
  readonly cursor: Sql;
} {
  const columns: Sql[] = [];
  const cursorKeys = ordering.keys.map((key): CursorKey => {
    const { alias, column, expression } = key;
    const traits = { type: column.type, isCut: isCut(key, ordering) };
    if (alias === row) return { expression, ...traits };
    const name = ident(`order ${columns.length}`);
    columns.push(sql`${expression} AS ${name}`);
    return { expression: sql`${row}.${name}`, ...traits };
  });
  return { columns, cursor: cursorOf(signature, cursorKeys) };
}
