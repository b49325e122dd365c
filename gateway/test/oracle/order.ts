import type { JsonValue, ModelType, ValueType } from '../../src/engine/sdl/model.ts';
import { asInput, type Input } from './input.ts';
import type { Row } from './row.ts';
import type { Store } from './store.ts';
import { compare } from './values.ts';

/** A sort key: the path to its value and the direction. */
interface SortKey {
  readonly path: readonly string[];
  readonly type: ValueType;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface Order {
  readonly type: ModelType;
  readonly keys: readonly SortKey[];
}

/**
 * A row's position in a sort order: its value for each sort key. Positions are unique because the sort keys contain the
 * key of the row.
 */
export type Position = readonly JsonValue[];

/**
 * Builds a sort order. The columns of the row's key are always the last sort keys. Sort keys that follow the whole key
 * of the row or repeat an earlier sort key are ignored.
 * @param entries `[{ title: ASC }, { board: { key: DESC_NULLS_LAST } }]`
 */
export function orderOf(store: Store, type: ModelType, entries: readonly Input[]): Order {
  const rowKey = store.index.keyOf(type).map(({ name }) => name);
  const asked = [...entries, ...rowKey.map((name) => ({ [name]: 'ASC' }))].map((entry) =>
    sortKey(store, type, entry, []),
  );
  const keys: SortKey[] = [];
  const missing = new Set(rowKey);
  for (const key of asked) {
    const path = key.path.join('.');
    if (missing.size === 0 || keys.some((each) => each.path.join('.') === path)) continue;
    keys.push(key);
    missing.delete(path);
  }
  return { type, keys };
}

function sortKey(store: Store, type: ModelType, entry: Input, before: readonly string[]): SortKey {
  const [name, value] = Object.entries(entry)[0] ?? [];
  if (name === undefined) throw new Error('An entry of an order must have one key.');
  const path = [...before, name];
  const field = store.index.field(type, name);
  if (field?.kind === 'TO_ONE') {
    return sortKey(store, store.index.type(field.target), asInput(value), path);
  }
  const column = store.index.column(type, name);
  if (column === null) throw new Error(`${type.name} has no column ${name}.`);
  const direction = String(value);
  const descending = direction.startsWith('DESC');
  return {
    path,
    type: column.type,
    descending,
    nullsFirst: direction.endsWith('NULLS_FIRST') || direction === 'DESC',
  };
}

export function positionOf(store: Store, { type, keys }: Order, row: Row): Position {
  return keys.map(({ path }) => valueAt(store, type, row, path));
}

/** Returns the value at a path. Null if a relation on the path has no row. */
function valueAt(store: Store, type: ModelType, row: Row, path: readonly string[]): JsonValue {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return row[name] ?? null;
  const field = store.index.field(type, name);
  if (field?.kind !== 'TO_ONE') throw new Error(`${name} is not a to-one relation.`);
  const [target] = store.related(type, row, field);
  return target === undefined ? null : valueAt(store, store.index.type(field.target), target, rest);
}

export function comparePositions({ keys }: Order, a: Position, b: Position): number {
  for (const [at, key] of keys.entries()) {
    const compared = compareKey(key, a[at] ?? null, b[at] ?? null);
    if (compared !== 0) return compared;
  }
  return 0;
}

function compareKey(key: SortKey, a: JsonValue, b: JsonValue): number {
  if (a === null || b === null) {
    if (a === b) return 0;
    return (a === null) === key.nullsFirst ? -1 : 1;
  }
  const compared = compare(key.type, a, b);
  return key.descending ? -compared : compared;
}
