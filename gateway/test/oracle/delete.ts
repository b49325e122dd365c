import type { ForeignKeyRelation, ModelType } from '../../src/engine/sdl/model.ts';
import { Undecided } from './undecided.ts';
import { idOf, keyName, type Row, type Store } from './store.ts';

/**
 * Deletes rows and applies `onDelete` to the rows that reference them. A row that restricts the deletion might itself
 * be deleted through another relation. The result then depends on the order in which PostgreSQL checks its constraints.
 * @throws Undecided in this case
 */
export function deleteRows(
  store: Store,
  type: ModelType,
  rows: readonly Row[],
): 'DONE' | 'RESTRICTED' {
  const gone = new Map(rows.map((row) => [idOf(type, row), { type, row }]));
  const named = new Set(gone.keys());
  // Iterating over a Map includes entries that are added during the iteration.
  for (const { type: each, row } of gone.values()) {
    for (const pointer of pointersTo(store, each, row, 'CASCADE')) {
      gone.set(idOf(pointer.type, pointer.row), pointer);
    }
  }
  const holders = [...gone.values()].flatMap(({ type: each, row }) =>
    pointersTo(store, each, row, 'RESTRICT'),
  );
  const stays = ({ type: each, row }: Pointer) => !gone.has(idOf(each, row));
  if (holders.some(stays)) return 'RESTRICTED';
  if (holders.some(({ type: each, row }) => !named.has(idOf(each, row)))) throw new Undecided();
  for (const { type: each, row } of gone.values()) {
    for (const { type: other, row: pointing, key } of pointersTo(store, each, row, 'SET_NULL')) {
      store.put(other, { ...store.get(other.name, idOf(other, pointing)), [key]: null });
    }
  }
  for (const { type: each, row } of gone.values()) store.remove(each, row);
  return 'DONE';
}

interface Pointer {
  readonly type: ModelType;
  readonly row: Row;
  readonly key: string;
}

/** Finds the rows that reference a row. Ids are unique across types, so the id alone identifies the row. */
function pointersTo(
  store: Store,
  type: ModelType,
  row: Row,
  onDelete: ForeignKeyRelation['onDelete'],
): readonly Pointer[] {
  return store.index.model.relations.flatMap((relation) => {
    if (relation.kind === 'JOIN_TABLE' || relation.inverseSide.type !== type.name) return [];
    if (relation.onDelete !== onDelete) return [];
    const holder = store.index.type(relation.owningSide.type);
    const key = keyName(store.index, relation.owningSide);
    return store
      .all(holder.name)
      .filter((other) => other[key] === idOf(type, row))
      .map((other) => ({ type: holder, row: other, key }));
  });
}
