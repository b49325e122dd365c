import { isSortOrder, sortOrders, type SortOrder } from '../api/shared-types.ts';
import { isOwningSide } from '../api/model-index.ts';
import { operationErrors, type ErrorPath } from '../errors.ts';
import { commaList, join, sql, type Sql } from '../sql/sql.ts';
import { columnNamed, tableColumn, type Column } from './column.ts';
import { fieldsOf, itemsOf, leafOf, type InputTree } from './input.ts';
import type { OrderKey } from './keyset.ts';
import type { CompileContext } from './selection.ts';
import { allOf, guardOf, relatedRows, visibleValue } from './source.ts';
import type { AliasedRow } from './visibility.ts';

export interface Ordering {
  /** The last sort keys are always those of the row's key, so that the order of rows is unambiguous. */
  readonly keys: readonly OrderKey[];
  /** The sort keys of the row's key. */
  readonly rowKey: readonly OrderKey[];
  /**
   * The joins that follow the row's table in FROM: ` JOIN … ON …`. Empty if all sort keys are columns of the row
   * itself.
   */
  readonly joins: Sql;
}

/** A row with columns to sort by: the sorted row itself or a related row. */
interface JoinedRow extends AliasedRow {
  /** Whether the row can be missing. */
  readonly nullable: boolean;
  /** The relation path to the row. */
  readonly relations: readonly string[];
}

interface NamedColumn {
  /** The name in the API. */
  readonly name: string;
  readonly column: Column;
}

interface OrderBuilder {
  readonly context: CompileContext;
  readonly joins: Sql[];
  /** Joined rows by relation path. Sort keys with the same path share a join. */
  readonly joined: Map<string, JoinedRow>;
}

/**
 * Compiles `[{ board: { name: DESC } }]` to a sort order by board name and then by the key of the row, which makes
 * the order of rows unambiguous.
 * @throws OperationError if the argument is invalid
 */
export function compileOrder(
  context: CompileContext,
  tree: InputTree,
  { type, alias, path }: AliasedRow & { readonly path: ErrorPath },
): Ordering {
  const builder: OrderBuilder = { context, joins: [], joined: new Map() };
  const row: JoinedRow = { type, alias, nullable: false, relations: [] };
  const given = isGiven(tree)
    ? itemsOf(tree, path).map((item, index) => orderKey(builder, item, row, [...path, index]))
    : [];
  const key = context.index.keyOf(type);
  const keys = [
    ...given,
    ...key.map((column) =>
      keyOf(context, row, { name: column.name, column: tableColumn(column) }, 'ASC'),
    ),
  ];
  const labels = key.map(({ name }) => name);
  const distinct = withoutRedundant(keys, labels);
  return {
    keys: distinct,
    rowKey: distinct.filter(({ label }) => labels.includes(label)),
    joins: join(builder.joins, sql``),
  };
}

/** Null is treated as absent, because clients send null for options that are not set. */
function isGiven({ kind }: InputTree): boolean {
  return kind !== 'ABSENT' && kind !== 'NULL';
}

/**
 * Removes sort keys that have no effect: those that repeat an earlier one, and those after the whole key of the row.
 *
 * @param rowKey the labels of the columns of the row's key
 */
function withoutRedundant(
  keys: readonly OrderKey[],
  rowKey: readonly string[],
): readonly OrderKey[] {
  const firsts = keys.filter(
    ({ label }, index) => keys.findIndex((key) => key.label === label) === index,
  );
  const last = Math.max(...rowKey.map((each) => firsts.findIndex(({ label }) => label === each)));
  return firsts.slice(0, last + 1);
}

function orderKey(
  builder: OrderBuilder,
  tree: InputTree,
  row: JoinedRow,
  path: ErrorPath,
): OrderKey {
  const { index, variables } = builder.context;
  const [entry, ...more] = fieldsOf(tree, path);
  if (entry === undefined || more.length > 0) {
    throw operationErrors.severalOrderFields(path);
  }
  const [name, inner] = entry;
  const at = [...path, name];
  if (index.field(row.type, name)?.kind === 'TO_ONE') {
    return orderKey(builder, inner, joinRelation(builder, row, name, at), at);
  }
  // The direction determines the SQL and is part of the plan key.
  const direction = leafOf(inner, at)(variables);
  if (!isSortOrder(direction))
    throw new Error('The variables were not validated: expected a sort direction.');
  const column = columnNamed(index, row.type, name);
  if (column === null) throw new Error(`${row.type.name} cannot be sorted by ${name}.`);
  return keyOf(builder.context, row, { name, column }, direction);
}

/** Returns the row on the other side of a relation of `row`. A relation is joined only once. */
function joinRelation(
  { context, joins, joined }: OrderBuilder,
  row: JoinedRow,
  name: string,
  path: ErrorPath,
): JoinedRow {
  const relations = [...row.relations, name];
  const label = relations.join('.');
  const known = joined.get(label);
  if (known !== undefined) return known;
  context.budget.spendRelation(path);
  const field = context.index.field(row.type, name);
  if (field?.kind !== 'TO_ONE') throw new Error(`${row.type.name} has no relation ${name}.`);
  const { type, alias, from, scope, hidesNone } = relatedRows(context, field, row);
  const exists = !row.nullable && isOwningSide(field) && field.required && hidesNone;
  const on = sql`${from} ON ${allOf(scope)}`;
  joins.push(exists ? sql` JOIN ${on}` : sql` LEFT JOIN ${on}`);
  const target: JoinedRow = { type, alias, nullable: !exists, relations };
  joined.set(label, target);
  return target;
}

function keyOf(
  context: CompileContext,
  row: JoinedRow,
  { name, column }: NamedColumn,
  direction: SortOrder,
): OrderKey {
  const { descending, nullsFirst } = sortOrders[direction];
  const isGuarded = guardOf(context, row, column) !== null;
  return {
    alias: row.alias,
    column,
    expression: visibleValue(context, row, column),
    nullable: row.nullable || !column.required || isGuarded,
    descending,
    nullsFirst,
    label: [...row.relations, name].join('.'),
  };
}

/**
 * The shortest prefix of the sort keys that determines the order of any two rows. The columns in `fixed` have the same
 * value in all rows. For example, if all issues are in one board and their numbers are unique within a board, the
 * number is sufficient. Without the redundant keys, PostgreSQL can use an index on the unique key.
 */
export function decidingKeys(
  row: AliasedRow,
  keys: readonly OrderKey[],
  fixed: readonly string[],
): readonly OrderKey[] {
  const known = new Set(fixed);
  const uniques = [row.type.key, ...row.type.uniques].map(({ columns }) => columns);
  for (const [index, { alias, column, nullable }] of keys.entries()) {
    // Several rows can have null in a unique column.
    if (alias !== row.alias || nullable) continue;
    known.add(column.name);
    const isDecided = uniques.some(
      (columns) => columns.includes(column.name) && columns.every((each) => known.has(each)),
    );
    if (isDecided) return keys.slice(0, index + 1);
  }
  return keys;
}

export function reversed(keys: readonly OrderKey[]): readonly OrderKey[] {
  return keys.map((key) => ({
    ...key,
    descending: !key.descending,
    nullsFirst: !key.nullsFirst,
  }));
}

/** ` ORDER BY "t1"."title" DESC NULLS LAST, "t1"."id"` */
export function orderClause(keys: readonly OrderKey[]): Sql {
  return sql` ORDER BY ${commaList(keys.map(orderItem))}`;
}

function orderItem({ expression, nullable, descending, nullsFirst }: OrderKey): Sql {
  const directed = descending ? sql`${expression} DESC` : expression;
  // Redundant NULLS FIRST and NULLS LAST clauses are left out, so that PostgreSQL can use an index for sorting.
  if (!nullable || nullsFirst === descending) return directed;
  return nullsFirst ? sql`${directed} NULLS FIRST` : sql`${directed} NULLS LAST`;
}
