import type { ModelColumn } from '../../src/engine/api/model-index.ts';
import type { ModelType, UniqueKey } from '../../src/engine/sdl/model.ts';
import { asInput, type Input } from './input.ts';
import { keyOf, textOf } from './keys.ts';
import type { Row } from './row.ts';
import type { Store } from './store.ts';

/** A key in `where` or `connect`, with its values by name. */
export interface NamedKey {
  readonly columns: readonly ModelColumn[];
  readonly values: Input;
}

/** Reads `{ id }`, `{ email }` or `{ board_number: { boardId, number } }`. */
export function namedKey({ index }: Pick<Store, 'index'>, type: ModelType, where: Input): NamedKey {
  const [name, value] = Object.entries(where)[0] ?? [];
  const key = [type.key, ...type.uniques].find((unique) => unique.name === name);
  if (key === undefined) throw new Error(`${type.name} has no key ${String(name)}.`);
  const columns = index.columnsOf(type, key);
  return { columns, values: columns.length === 1 ? where : asInput(value) };
}

/** Whether the key has these columns and no others. */
export function hasColumns({ columns }: NamedKey, names: readonly string[]): boolean {
  return columns.length === names.length && columns.every(({ name }) => names.includes(name));
}

/** Returns the row with this unique key, or null. */
export function findByKey(store: Store, of: ModelType, where: Input): Row | null {
  const { columns, values } = namedKey(store, of, where);
  const wanted = textOf(columns, values);
  if (wanted === null) return null;
  return store.all(of.name).find((row) => textOf(columns, row) === wanted) ?? null;
}

/** Returns another row with the same unique key, or null. A key that contains null equals no other key. */
export function findTwin(store: Store, type: ModelType, row: Row): Row | null {
  const own = keyOf(store.index, type, row);
  const shares = (other: Row) => (key: UniqueKey) => {
    const columns = store.index.columnsOf(type, key);
    const text = textOf(columns, row);
    return text !== null && textOf(columns, other) === text;
  };
  return (
    store
      .all(type.name)
      .find(
        (other) => keyOf(store.index, type, other) !== own && type.uniques.some(shares(other)),
      ) ?? null
  );
}
