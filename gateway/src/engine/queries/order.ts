import { isOwningSide } from '../api/model-index.ts';
import type { ModelType } from '../sdl/model.ts';
import { commaList, join, sql, type Sql } from '../sql/sql.ts';
import { columnOf, keyColumn, valueColumn, type Column } from './column.ts';
import type { CompileContext } from './context.ts';
import { operationErrors } from '../errors.ts';
import type { InputPath } from './input-budget.ts';
import { fieldsOf, itemsOf, leafOf, type InputTree } from './input-tree.ts';
import { linkedRows } from './link.ts';

/** One of the values that rows are ordered by. */
export interface OrderKey {
  /** Of the row itself, or of one that it leads to. */
  readonly alias: Sql;
  readonly column: Column;
  /** Also where the row that would have the column may be missing. */
  readonly nullable: boolean;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  /** `board.name` */
  readonly label: string;
}

export interface Ordering {
  /** The last of them is the id: no two rows are equal. */
  readonly keys: readonly OrderKey[];
  /** Stands after FROM and the row's own table: ` JOIN … ON …`; empty where keys are the row's own. */
  readonly joins: Sql;
}

/** How far a key is from the row: the relations between, shared by keys that go the same way. */
interface OrderPlace {
  readonly type: ModelType;
  readonly alias: Sql;
  readonly nullable: boolean;
  readonly labels: readonly string[];
}

interface Building {
  readonly context: CompileContext;
  readonly joins: Sql[];
  readonly places: Map<string, OrderPlace>;
}

/**
 * `[{ board: { name: DESC } }]` → by the board's name, and by id. The id always decides at last.
 * @throws OperationError
 */
export function compileOrder(
  context: CompileContext,
  tree: InputTree,
  row: { readonly type: ModelType; readonly alias: Sql; readonly path: InputPath },
): Ordering {
  const building: Building = { context, joins: [], places: new Map() };
  const start: OrderPlace = { type: row.type, alias: row.alias, nullable: false, labels: [] };
  const asked = isGiven(tree)
    ? itemsOf(tree, row.path).map((item, index) =>
        orderKey(building, item, start, [...row.path, index]),
      )
    : [];
  const id = context.index.idOf(row.type);
  const keys = [...asked, keyOf(start, id.name, valueColumn(id), 'ASC')];
  return { keys: untilDecided(keys, id.name), joins: join(building.joins, sql``) };
}

/** Null stands for the default order, as clients send it. */
function isGiven({ kind }: InputTree): boolean {
  return kind !== 'ABSENT' && kind !== 'NULL';
}

/** What repeats an earlier key orders nothing, nor does what comes after the id. */
function untilDecided(keys: readonly OrderKey[], id: string): readonly OrderKey[] {
  const firsts = keys.filter(
    ({ label }, index) => keys.findIndex((key) => key.label === label) === index,
  );
  return firsts.slice(0, firsts.findIndex(({ label }) => label === id) + 1);
}

function orderKey(
  building: Building,
  tree: InputTree,
  place: OrderPlace,
  path: InputPath,
): OrderKey {
  const { index, variables } = building.context;
  const [entry, ...more] = fieldsOf(tree, path);
  if (entry === undefined || more.length > 0) {
    throw operationErrors.severalOrderFields(path);
  }
  const [name, inner] = entry;
  const at = [...path, name];
  const field = index.field(place.type, name);
  if (field?.kind === 'TO_ONE') {
    return orderKey(building, inner, throughRelation(building, place, name, at), at);
  }
  const direction = String(leafOf(inner, at)(variables));
  if (field?.kind === 'VALUE') return keyOf(place, name, valueColumn(field), direction);
  const relation = index.keyOf(place.type, name);
  if (relation === null) throw new Error(`${place.type.name} cannot be ordered by ${name}.`);
  return keyOf(place, name, keyColumn(relation), direction);
}

function throughRelation(
  { context, joins, places }: Building,
  { type, alias, nullable, labels }: OrderPlace,
  name: string,
  path: InputPath,
): OrderPlace {
  const way = [...labels, name];
  const label = way.join('.');
  const known = places.get(label);
  if (known !== undefined) return known;
  context.budget.spendRelation(path);
  const { index, newAlias } = context;
  const field = index.field(type, name);
  if (field?.kind !== 'TO_ONE') throw new Error(`${type.name} has no relation ${name}.`);
  const link = index.link(type, field);
  const inner = newAlias();
  const { from, tie } = linkedRows(index, {
    link,
    parent: alias,
    parentId: index.idOf(type).column,
    alias: inner,
    newAlias,
  });
  const isThere = !nullable && isOwningSide(field) && field.required;
  const on = sql`${from} ON ${join(tie, sql` AND `)}`;
  joins.push(isThere ? sql` JOIN ${on}` : sql` LEFT JOIN ${on}`);
  const place = { type: link.target, alias: inner, nullable: !isThere, labels: way };
  places.set(label, place);
  return place;
}

function keyOf(place: OrderPlace, name: string, column: Column, direction: string): OrderKey {
  const descending = direction.startsWith('DESC');
  return {
    alias: place.alias,
    column,
    nullable: place.nullable || !column.required,
    descending,
    // PostgreSQL's defaults: null counts as larger than everything.
    nullsFirst: direction.includes('_NULLS_') ? direction.endsWith('FIRST') : descending,
    label: [...place.labels, name].join('.'),
  };
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
  // An index without nulls has no other order than this one.
  if (!nullable || nullsFirst === descending) return directed;
  return nullsFirst ? sql`${directed} NULLS FIRST` : sql`${directed} NULLS LAST`;
}
