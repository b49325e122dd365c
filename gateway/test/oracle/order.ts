import type { JsonValue, ModelType, ValueType } from '../../src/engine/sdl/model.ts';
import { asInput, type Input } from './input.ts';
import type { Row, Store } from './store.ts';
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
 * A row's position in a sort order: its value for each sort key. Positions are unique because the id is one of the
 * keys.
 */
export type Position = readonly JsonValue[];

/**
 * Builds a sort order. The id is always the last key. Keys that follow the id or repeat an earlier key are ignored.
 * @param entries `[{ title: ASC }, { board: { key: DESC_NULLS_LAST } }]`
 */
export function orderOf(store: Store, type: ModelType, entries: readonly Input[]): Order {
  const asked = [...entries, { [type.key.fields[0] ?? '']: 'ASC' }].map((entry) =>
    sortKey(store, type, entry, []),
  );
  const same = (a: SortKey, b: SortKey) => a.path.join('.') === b.path.join('.');
  const keys = asked.filter((key, at) => asked.findIndex((each) => same(each, key)) === at);
  return {
    type,
    keys: keys.slice(
      0,
      keys.findIndex(({ path }) => path.join('.') === (type.key.fields[0] ?? '')) + 1,
    ),
  };
}

function sortKey(store: Store, type: ModelType, entry: Input, before: readonly string[]): SortKey {
  const [name, value] = Object.entries(entry)[0] ?? [];
  if (name === undefined) throw new Error('An entry of an order must have one key.');
  const path = [...before, name];
  const field = store.index.field(type, name);
  if (field?.kind === 'TO_ONE') {
    return sortKey(store, store.index.type(field.target), asInput(value), path);
  }
  const direction = String(value);
  const descending = direction.startsWith('DESC');
  return {
    path,
    type: field?.kind === 'VALUE' ? field.type : { kind: 'SCALAR', name: 'ID' },
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
