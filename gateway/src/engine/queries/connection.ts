import { commaList, ident, join, literal, sql, type Sql } from '../sql/sql.ts';
import { aggregateFields, createScan, scanColumns, scannedCount, type Scan } from './aggregate.ts';
import {
  answeredType,
  kindOf,
  selectFields,
  type CompileContext,
  type SelectedField,
} from './context.ts';
import type { InputPath } from './input-budget.ts';
import { jsonObject, jsonSelect, type JsonField } from './json-object.ts';
import {
  allRows,
  compileList,
  hasRowsAfter,
  hasRowsBefore,
  type ListQuery,
  type ListRows,
} from './list-query.ts';
import { compilePageParts, type PageNeeds, type PageParts } from './page-parts.ts';
import type { SelectRow } from './row-place.ts';

/** The single rows that a connection is made of: of its page, and of all its rows. */
const pageAlias = ident('p');
const scanAlias = ident('a');

interface ConnectionOptions {
  readonly rows: ListRows;
  readonly path: InputPath;
  readonly selectRow: SelectRow;
}

/**
 * `issues(…) { nodes { … } totalCount }` → a SELECT of one row, the connection's JSON. Only what is
 * selected is computed: neither counts nor a row beyond the page unless they are asked for.
 * @throws OperationError
 */
export function compileConnection(
  context: CompileContext,
  field: SelectedField,
  { rows, path, selectRow }: ConnectionOptions,
): Sql {
  const list = compileList(context, field, rows, path);
  const type = answeredType(field);
  const fields = selectFields(context, type, field.selectionSets);
  const lists = fields.filter((each) => ['NODES', 'EDGES'].includes(kindOf(each)));
  const needs = pageNeeds(context, list, fields);
  const parts = compilePageParts(context, { list, fields: lists, needs, path, selectRow });
  const isPageAlone = fields.every((each) => lists.includes(each) || kindOf(each) === 'TYPENAME');
  if (lists.length > 0 && isPageAlone) {
    // One level less: the SELECT that aggregates the page is the connection's own.
    const answer = fields.map((each): JsonField => [
      each.responseKey,
      parts.lists.get(each) ?? literal(type.name),
    ]);
    return jsonSelect(answer, parts.from);
  }
  const scan = createScan(list.alias);
  const used = new Map<string, Sql>();
  const pageColumn = (name: string, expression: Sql): Sql => {
    used.set(name, expression);
    return sql`${pageAlias}.${ident(name)}`;
  };
  const builder: Builder = { context, list, parts, scan, typeName: type.name, pageColumn };
  const answer = fields.map((each, index): JsonField => [
    each.responseKey,
    connectionField(builder, each, index),
  ]);
  return jsonSelect(answer, connectionFrom(list, parts, used, scan));
}

interface Builder {
  readonly context: CompileContext;
  readonly list: ListQuery;
  readonly parts: PageParts;
  readonly scan: Scan;
  readonly typeName: string;
  /** Has the page's SELECT compute an expression, and names the result. */
  readonly pageColumn: (name: string, expression: Sql) => Sql;
}

function connectionField(builder: Builder, field: SelectedField, index: number): Sql {
  const { context, parts, scan, typeName, pageColumn } = builder;
  switch (kindOf(field)) {
    case 'TYPENAME':
      return literal(typeName);
    case 'NODES':
    case 'EDGES':
      return pageColumn(`list ${index}`, parts.lists.get(field) ?? sql`NULL`);
    case 'PAGE_INFO':
      return jsonObject(pageInfoFields(builder, field));
    case 'TOTAL_COUNT':
      return sql`${scanAlias}.${scannedCount(scan)}`;
    case 'AGGREGATE': {
      const type = answeredType(field);
      return jsonObject(aggregateFields(context, type, field.selectionSets, scan, scanAlias));
    }
    default:
      throw new Error('This is no field of a connection.');
  }
}

function pageInfoFields(
  { context, list, parts, pageColumn }: Builder,
  field: SelectedField,
): readonly JsonField[] {
  const type = answeredType(field);
  const { backward } = list.page;
  const more = (): Sql => pageColumn('more', parts.more);
  const expression = (inner: SelectedField): Sql => {
    switch (kindOf(inner)) {
      case 'TYPENAME':
        return literal(type.name);
      case 'HAS_NEXT':
        return backward ? hasRowsAfter(list) : either(more(), hasRowsAfter(list), list.before);
      case 'HAS_PREVIOUS':
        return backward ? either(more(), hasRowsBefore(list), list.after) : hasRowsBefore(list);
      case 'START_CURSOR':
        return pageColumn('start cursor', parts.startCursor);
      case 'END_CURSOR':
        return pageColumn('end cursor', parts.endCursor);
      default:
        throw new Error('This is no field of a page’s place.');
    }
  };
  return selectFields(context, type, field.selectionSets).map((inner) => [
    inner.responseKey,
    expression(inner),
  ]);
}

/** Rows beyond the page are within the cursors, or beyond the one on that side. */
function either(more: Sql, beyondCursor: Sql, cursor: unknown): Sql {
  return cursor === null ? more : sql`(${more} OR ${beyondCursor})`;
}

function pageNeeds(
  context: CompileContext,
  { page: { backward } }: ListQuery,
  fields: readonly SelectedField[],
): PageNeeds {
  const asked = new Set(
    fields
      .filter((field) => kindOf(field) === 'PAGE_INFO')
      .flatMap((field) => selectFields(context, answeredType(field), field.selectionSets))
      .map(kindOf),
  );
  return {
    more: asked.has(backward ? 'HAS_PREVIOUS' : 'HAS_NEXT'),
    startCursor: asked.has('START_CURSOR'),
    endCursor: asked.has('END_CURSOR'),
  };
}

/** ` FROM (page) AS "p" CROSS JOIN (scan) AS "a"`: what is asked for of them, each one row. */
function connectionFrom(
  list: ListQuery,
  parts: PageParts,
  pageColumns: ReadonlyMap<string, Sql>,
  scan: Scan,
): Sql {
  const columns = [...pageColumns].map(
    ([name, expression]) => sql`${expression} AS ${ident(name)}`,
  );
  const sources = [
    ...(columns.length === 0
      ? []
      : [sql`(SELECT ${commaList(columns)}${parts.from}) AS ${pageAlias}`]),
    ...(scan.columns.size === 0
      ? []
      : [sql`(SELECT ${scanColumns(scan)}${allRows(list)}) AS ${scanAlias}`]),
  ];
  return sources.length === 0 ? sql`` : sql` FROM ${join(sources, sql` CROSS JOIN `)}`;
}
