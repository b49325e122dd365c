import { assertNever } from '../../platform/assert-never.ts';
import type { ErrorPath } from '../errors.ts';
import { commaList, ident, join, sql, type Sql } from '../sql/sql.ts';
import {
  aggregateFields,
  countOf,
  createScan,
  scanColumns,
  type AggregateScan,
} from './aggregate.ts';
import { jsonFields, jsonList, jsonObject, jsonRow, jsonSelect, type JsonField } from './json.ts';
import {
  allRows,
  carriedCursor,
  compileList,
  cursorIn,
  hasRowsAfter,
  hasRowsBefore,
  pageRows,
  type ListQuery,
} from './list.ts';
import {
  isTypename,
  selectFields,
  type BoundField,
  type CompileContext,
  type FieldSelection,
  type SelectedField,
} from './selection.ts';
import type { RowSource } from './source.ts';
import type { AliasedRow } from './visibility.ts';

/** A row and the selected field that returns it. */
export interface RequestedRow extends AliasedRow {
  readonly field: FieldSelection;
  /** The path of response keys from the operation to the row. */
  readonly path: ErrorPath;
}

/** Compiles the fields of a row. It is passed as an argument because rows and connections contain each other. */
type CompileRow = (row: RequestedRow) => readonly JsonField[];

interface ConnectionOptions {
  readonly rows: RowSource;
  readonly path: ErrorPath;
  readonly compileRow: CompileRow;
}

/** The aliases of the two subqueries of a connection. Each subquery returns one row. */
const pageAlias = ident('p');
const scanAlias = ident('a');

/**
 * Compiles `issues(…) { nodes { … } totalCount }` to a SELECT that returns one row, which contains the connection as
 * JSON. It computes only the selected fields: without `totalCount` it does not count rows, and without `pageInfo` it
 * does not read rows beyond the page.
 * @throws OperationError if an argument is invalid
 */
export function compileConnection(
  context: CompileContext,
  field: FieldSelection,
  { rows, path, compileRow }: ConnectionOptions,
): Sql {
  const list = compileList(context, field, rows, path);
  const fields = selectFields(context, 'CONNECTION', field);
  const lists = fields.filter(isListOfRows);
  const needs = pageNeeds(context, list, fields);
  const page = compilePage({ context, list, lists, needs, path, compileRow });
  if (lists.length > 0 && fields.every((each) => isTypename(each) || isListOfRows(each))) {
    // The SELECT that aggregates the page can also build the connection, so no subquery is needed.
    const answer = jsonFields(fields, ({ responseKey }) => listOf(page, responseKey));
    return jsonSelect(answer, page.from);
  }
  const parts: ConnectionParts = {
    context,
    list,
    page,
    pageColumns: new Map(),
    scan: createScan(list, scanAlias),
  };
  const answer = jsonFields(fields, (each, index) => connectionField(parts, each, index));
  return jsonSelect(answer, connectionFrom(parts));
}

type ListOfRows = Extract<BoundField<'CONNECTION'>, { kind: 'NODES' | 'EDGES' }>;

function isListOfRows(field: SelectedField<'CONNECTION'>): field is ListOfRows {
  return field.kind === 'NODES' || field.kind === 'EDGES';
}

/** The fields of a connection are columns of its page or its scan. A column is added when a field needs it. */
interface ConnectionParts {
  readonly context: CompileContext;
  readonly list: ListQuery;
  readonly page: Page;
  /** The select list of the page's subquery, by column name. */
  readonly pageColumns: Map<string, Sql>;
  readonly scan: AggregateScan;
}

function connectionField(
  parts: ConnectionParts,
  field: BoundField<'CONNECTION'>,
  index: number,
): Sql {
  const { context, page, scan } = parts;
  switch (field.kind) {
    case 'NODES':
    case 'EDGES':
      return pageColumn(parts, `list ${index}`, listOf(page, field.responseKey));
    case 'PAGE_INFO':
      return jsonObject(pageInfoFields(parts, field));
    case 'TOTAL_COUNT':
      return countOf(scan);
    case 'AGGREGATE':
      return jsonObject(aggregateFields(context, field, scan));
    default:
      return assertNever(field);
  }
}

function pageColumn({ pageColumns }: ConnectionParts, name: string, expression: Sql): Sql {
  pageColumns.set(name, expression);
  return sql`${pageAlias}.${ident(name)}`;
}

function pageInfoFields(parts: ConnectionParts, field: FieldSelection): readonly JsonField[] {
  const { context, list, page } = parts;
  const { backward } = list.page;
  const more = (): Sql => pageColumn(parts, 'more', page.more);
  return jsonFields(selectFields(context, 'PAGE_INFO', field), (inner) => {
    switch (inner.kind) {
      case 'HAS_NEXT':
        return backward ? hasRowsAfter(list) : either(more(), hasRowsAfter(list), list.before);
      case 'HAS_PREVIOUS':
        return backward ? either(more(), hasRowsBefore(list), list.after) : hasRowsBefore(list);
      case 'START_CURSOR':
        return pageColumn(parts, 'start cursor', page.startCursor);
      case 'END_CURSOR':
        return pageColumn(parts, 'end cursor', page.endCursor);
      default:
        return assertNever(inner);
    }
  });
}

/** True if rows between the page and the cursor were left out, or if there are rows at or beyond the cursor. */
function either(more: Sql, beyondCursor: Sql, cursor: unknown): Sql {
  return cursor === null ? more : sql`(${more} OR ${beyondCursor})`;
}

/** ` FROM (page) AS "p" CROSS JOIN (scan) AS "a"`. A subquery that no field needs is left out. */
function connectionFrom({ list, page, pageColumns, scan }: ConnectionParts): Sql {
  const columns = [...pageColumns].map(
    ([name, expression]) => sql`${expression} AS ${ident(name)}`,
  );
  const sources = [
    ...(columns.length === 0
      ? []
      : [sql`(SELECT ${commaList(columns)}${page.from}) AS ${pageAlias}`]),
    ...(scan.columns.size === 0
      ? []
      : [sql`(SELECT ${scanColumns(scan)}${allRows(list)}) AS ${scanAlias}`]),
  ];
  return sources.length === 0 ? sql`` : sql` FROM ${join(sources, sql` CROSS JOIN `)}`;
}

/** The values that the selected fields of `pageInfo` need from the page's rows. */
interface PageNeeds {
  /** Whether there are rows beyond the page, in the direction of paging. */
  readonly more: boolean;
  readonly startCursor: boolean;
  readonly endCursor: boolean;
}

function pageNeeds(
  context: CompileContext,
  { page: { backward } }: ListQuery,
  fields: readonly SelectedField<'CONNECTION'>[],
): PageNeeds {
  const selected = new Set(
    fields.flatMap((field) =>
      field.kind === 'PAGE_INFO'
        ? selectFields(context, 'PAGE_INFO', field).map(({ kind }) => kind)
        : [],
    ),
  );
  return {
    more: selected.has(backward ? 'HAS_PREVIOUS' : 'HAS_NEXT'),
    startCursor: selected.has('START_CURSOR'),
    endCursor: selected.has('END_CURSOR'),
  };
}

/** Expressions for the SELECT that aggregates a page's rows. */
interface Page {
  /** The JSON list for each field that returns rows, by response key. */
  readonly lists: ReadonlyMap<string, Sql>;
  readonly more: Sql;
  readonly startCursor: Sql;
  readonly endCursor: Sql;
  /** ` FROM …`: the source of the rows. */
  readonly from: Sql;
}

interface PageRequest {
  readonly context: CompileContext;
  readonly list: ListQuery;
  readonly lists: readonly ListOfRows[];
  readonly needs: PageNeeds;
  readonly path: ErrorPath;
  readonly compileRow: CompileRow;
}

function listOf({ lists }: Page, responseKey: string): Sql {
  const list = lists.get(responseKey);
  if (list === undefined) throw new Error(`The page does not contain the list ${responseKey}.`);
  return list;
}

function compilePage(request: PageRequest): Page {
  const { list, lists, needs } = request;
  const [only, ...others] = lists;
  const isPlain = !list.page.backward && !needs.more && !needs.startCursor && !needs.endCursor;
  return isPlain && only !== undefined && others.length === 0
    ? plainPage(request, only)
    : numberedPage(request);
}

/**
 * Compiles the page of one forward list without `pageInfo`. This is faster than the general case, because the SELECT
 * that reads the page also builds the objects.
 */
function plainPage(request: PageRequest, field: ListOfRows): Page {
  const { list } = request;
  const alias = ident('r');
  const { columns, json } = jsonRow(itemFields(request, field, cursorIn(list)));
  return {
    lists: new Map([[field.responseKey, jsonList(json(alias))]]),
    more: sql`FALSE`,
    startCursor: sql`NULL`,
    endCursor: sql`NULL`,
    from: sql` FROM (${pageRows(list, { extra: 0, columns, alias })}) AS ${alias}`,
  };
}

/** These names contain a space, so they cannot collide with column names. */
const rowNumber = ident('row number');
const rowCount = ident('row count');

/**
 * Selects all columns of the page's rows and numbers the rows. If `hasNextPage` or `hasPreviousPage` needs it, one
 * more row is selected. JSON objects are built only for the rows on the page.
 */
function numberedPage(request: PageRequest): Page {
  const { list, lists, needs } = request;
  const { alias } = list;
  const { backward, size } = list.page;
  const { columns, cursor } = carriedCursor(list);
  const rows = pageRows(list, {
    extra: needs.more ? 1 : 0,
    columns: commaList([sql`${alias}.*`, ...columns]),
    alias,
  });
  const filter = needs.more ? sql` FILTER (WHERE ${alias}.${rowNumber} <= ${size.rows})` : sql``;
  const order = backward ? sql` ORDER BY ${alias}.${rowNumber} DESC` : sql``;
  const cursorAt = (number: Sql) =>
    sql`max(${cursor}) FILTER (WHERE ${alias}.${rowNumber} = ${number})`;
  // With `first: 0`, the page has no first row, even if the row beyond the page was selected.
  const first = cursorAt(sql`least(1, ${size.rows})`);
  const last = cursorAt(sql`least(${alias}.${rowCount}, ${size.rows})`);
  return {
    lists: new Map(
      lists.map((field) => [
        field.responseKey,
        jsonList(jsonObject(itemFields(request, field, cursor)), { order, filter }),
      ]),
    ),
    more: sql`count(*) > ${size.rows}`,
    startCursor: backward ? last : first,
    endCursor: backward ? first : last,
    from: sql` FROM (SELECT ${alias}.*, ${numbers(needs, backward)} FROM (${rows}) AS ${alias}) AS ${alias}`,
  };
}

/** The window functions that number and count a page's rows. They need no ORDER BY because the page is ordered. */
function numbers({ startCursor, endCursor }: PageNeeds, backward: boolean): Sql {
  const needsCount = backward ? startCursor : endCursor;
  const number = sql`row_number() OVER () AS ${rowNumber}`;
  return needsCount ? sql`${number}, count(*) OVER () AS ${rowCount}` : number;
}

/** The JSON object for one row of a list: the row itself in `nodes`, or its edge in `edges`. */
function itemFields(
  { context, list: { type, alias }, path, compileRow }: PageRequest,
  field: ListOfRows,
  cursor: Sql,
): readonly JsonField[] {
  const at = [...path, field.responseKey];
  if (field.kind === 'NODES') return compileRow({ type, alias, field, path: at });
  return jsonFields(selectFields(context, 'EDGE', field), (inner) => {
    switch (inner.kind) {
      case 'CURSOR':
        return cursor;
      case 'NODE':
        return jsonObject(
          compileRow({ type, alias, field: inner, path: [...at, inner.responseKey] }),
        );
      default:
        return assertNever(inner);
    }
  });
}
