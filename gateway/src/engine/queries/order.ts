import { isSortOrder, sortOrders, type SortOrder } from '../api/shared-types.ts';
import { isOwningSide } from '../api/model-index.ts';
import { operationErrors, type ErrorPath } from '../errors.ts';
import { commaList, join, sql, type Sql } from '../sql/sql.ts';
import { columnNamed, columnOf, valueColumn, type Column } from './column.ts';
import { fieldsOf, itemsOf, leafOf, type InputTree } from './input.ts';
import type { OrderKey } from './keyset.ts';
import type { CompileContext } from './selection.ts';
import { relatedRows, type AliasedRow } from './source.ts';

export interface Ordering {
  /** The last key is the id, so that no two rows are equal. */
  readonly keys: readonly OrderKey[];
  /** Follows FROM and the row's own table: ` JOIN … ON …`; empty where all keys are the row's own. */
  readonly joins: Sql;
}

/** A row with columns to order by: the ordered row itself, or one that its relations lead to. */
interface JoinedRow extends AliasedRow {
  /** May the row be missing? */
  readonly nullable: boolean;
  /** The relations that lead to it. */
  readonly relations: readonly string[];
}

interface OrderBuilder {
  readonly context: CompileContext;
  readonly joins: Sql[];
  /** By the path of relations: keys that go the same way share a join. */
  readonly joined: Map<string, JoinedRow>;
}

/**
 * `[{ board: { name: DESC } }]` → by the board's name, then by id, which makes every order total.
 * @throws OperationError
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
  const id = context.index.idOf(type);
  const keys = [...given, keyOf(row, id.name, valueColumn(id), 'ASC')];
  return { keys: withoutRedundant(keys, id.name), joins: join(builder.joins, sql``) };
}

/** Null means the default order, because clients send it for an unset option. */
function isGiven({ kind }: InputTree): boolean {
  return kind !== 'ABSENT' && kind !== 'NULL';
}

/** A key that repeats an earlier one has no effect, and neither has a key after the id. */
function withoutRedundant(keys: readonly OrderKey[], id: string): readonly OrderKey[] {
  const firsts = keys.filter(
    ({ label }, index) => keys.findIndex((key) => key.label === label) === index,
  );
  return firsts.slice(0, firsts.findIndex(({ label }) => label === id) + 1);
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
  // A direction decides the SQL, and is part of the plan's key.
  const direction = leafOf(inner, at)(variables);
  if (!isSortOrder(direction)) throw new Error('A direction was not validated.');
  const column = columnNamed(index, row.type, name);
  if (column === null) throw new Error(`${row.type.name} cannot be ordered by ${name}.`);
  return keyOf(row, name, column, direction);
}

/** The row that a relation of `row` leads to, joined once. */
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
  const { type, alias, from, tie } = relatedRows(context, field, row);
  const exists = !row.nullable && isOwningSide(field) && field.required;
  const on = sql`${from} ON ${join(tie, sql` AND `)}`;
  joins.push(exists ? sql` JOIN ${on}` : sql` LEFT JOIN ${on}`);
  const target: JoinedRow = { type, alias, nullable: !exists, relations };
  joined.set(label, target);
  return target;
}

function keyOf(row: JoinedRow, name: string, column: Column, direction: SortOrder): OrderKey {
  const { descending, nullsFirst } = sortOrders[direction];
  return {
    alias: row.alias,
    column,
    nullable: row.nullable || !column.required,
    descending,
    nullsFirst,
    label: [...row.relations, name].join('.'),
  };
}

/**
 * The shortest prefix of the keys that leaves no two rows equal, given that the columns `fixed` have one
 * value in all rows: an issue's number alone where all issues have the same board. Without the id, an index
 * on the unique key gives the order.
 */
export function decidingKeys(
  row: AliasedRow,
  keys: readonly OrderKey[],
  fixed: readonly string[],
): readonly OrderKey[] {
  const known = new Set(fixed);
  const uniques = row.type.uniques.map(({ columns }) => columns);
  for (const [index, { alias, column, nullable }] of keys.entries()) {
    // Several rows may have null in a unique column.
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

function orderItem({ alias, column, nullable, descending, nullsFirst }: OrderKey): Sql {
  const expression = columnOf(alias, column.name);
  const directed = descending ? sql`${expression} DESC` : expression;
  // NULLS FIRST or LAST is left out where it changes nothing, because an index has no such order.
  if (!nullable || nullsFirst === descending) return directed;
  return nullsFirst ? sql`${directed} NULLS FIRST` : sql`${directed} NULLS LAST`;
}
