import { commaList, ident, literal, sql, type Sql } from '../sql/sql.ts';
import {
  answeredType,
  kindOf,
  selectFields,
  type CompileContext,
  type SelectedField,
} from './context.ts';
import type { InputPath } from './input-budget.ts';
import { jsonList, jsonObject, jsonRow, type JsonField } from './json-object.ts';
import { carriedCursor, cursorIn, pageRows, type ListQuery } from './list-query.ts';
import type { SelectRow } from './row-place.ts';

/** Which parts of a page's place in its list are asked for. */
export interface PageNeeds {
  /** Are there rows beyond the page, in the direction of paging? */
  readonly more: boolean;
  readonly startCursor: boolean;
  readonly endCursor: boolean;
}

/** What is made of the rows of a page: expressions of one SELECT that aggregates them. */
export interface PageParts {
  /** For each field that answers rows its JSON. */
  readonly lists: ReadonlyMap<SelectedField, Sql>;
  readonly more: Sql;
  readonly startCursor: Sql;
  readonly endCursor: Sql;
  /** ` FROM …`: the rows. */
  readonly from: Sql;
}

export interface PageSelection {
  readonly list: ListQuery;
  /** Those that answer rows: `nodes` and `edges`. */
  readonly fields: readonly SelectedField[];
  readonly needs: PageNeeds;
  readonly path: InputPath;
  readonly selectRow: SelectRow;
}

export function compilePageParts(context: CompileContext, selection: PageSelection): PageParts {
  const { list, fields, needs } = selection;
  const [only, ...others] = fields;
  const isPlain = !list.page.backward && !needs.more && !needs.startCursor && !needs.endCursor;
  return isPlain && only !== undefined && others.length === 0
    ? plainPage(context, selection, only)
    : numberedPage(context, selection);
}

/** The quick way for one list of rows and nothing else: the SELECT of the page makes its objects. */
function plainPage(
  context: CompileContext,
  selection: PageSelection,
  field: SelectedField,
): PageParts {
  const { list } = selection;
  const alias = ident('r');
  const { columns, json } = jsonRow(itemFields(context, selection, field, cursorIn(list)));
  return {
    lists: new Map([[field, jsonList(json(alias))]]),
    more: sql`FALSE`,
    startCursor: sql`NULL`,
    endCursor: sql`NULL`,
    from: sql` FROM (${pageRows(list, { extra: 0, columns, alias })}) AS ${alias}`,
  };
}

/** Names that no column can have. */
const rowNumber = ident('row number');
const rowCount = ident('row count');

/**
 * All else: the rows of the page are selected whole and numbered, with one more where it must be known
 * whether there is one. Objects are made of those on the page alone.
 */
function numberedPage(context: CompileContext, selection: PageSelection): PageParts {
  const { list, fields, needs } = selection;
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
  const cursorAt = (place: Sql) =>
    sql`max(${cursor}) FILTER (WHERE ${alias}.${rowNumber} = ${place})`;
  // Of `first: 0` none, though one row beyond it may have been selected.
  const first = cursorAt(sql`least(1, ${size.rows})`);
  const last = cursorAt(sql`least(${alias}.${rowCount}, ${size.rows})`);
  const item = (field: SelectedField) => jsonObject(itemFields(context, selection, field, cursor));
  return {
    lists: new Map(fields.map((field) => [field, jsonList(item(field), { order, filter })])),
    more: sql`count(*) > ${size.rows}`,
    startCursor: backward ? last : first,
    endCursor: backward ? first : last,
    from: sql` FROM (SELECT ${alias}.*, ${numbers(needs, backward)} FROM (${rows}) AS ${alias}) AS ${alias}`,
  };
}

/** Windows over a page, which is in order already. */
function numbers({ startCursor, endCursor }: PageNeeds, backward: boolean): Sql {
  const needsCount = backward ? startCursor : endCursor;
  const number = sql`row_number() OVER () AS ${rowNumber}`;
  return needsCount ? sql`${number}, count(*) OVER () AS ${rowCount}` : number;
}

/** The object that stands in the list for one row: itself, or its edge. */
function itemFields(
  context: CompileContext,
  { list: { type, alias }, path, selectRow }: PageSelection,
  field: SelectedField,
  cursor: Sql,
): readonly JsonField[] {
  const rowFields = (of: SelectedField, at: InputPath): readonly JsonField[] =>
    selectRow(context, {
      type,
      alias,
      objectType: answeredType(of),
      selectionSets: of.selectionSets,
      path: at,
    }).fields;
  const at = [...path, field.responseKey];
  if (kindOf(field) === 'NODES') return rowFields(field, at);
  const edgeType = answeredType(field);
  return selectFields(context, edgeType, field.selectionSets).map((inner): JsonField => {
    const { responseKey } = inner;
    switch (kindOf(inner)) {
      case 'TYPENAME':
        return [responseKey, literal(edgeType.name)];
      case 'CURSOR':
        return [responseKey, cursor];
      case 'NODE':
        return [responseKey, jsonObject(rowFields(inner, [...at, responseKey]))];
      default:
        throw new Error('This is no field of an edge.');
    }
  });
}
