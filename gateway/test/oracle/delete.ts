import type { ForeignKeyRelation, ModelType } from '../../src/engine/sdl/model.ts';
import { cellsTo, foreignKeyOf, keyOf, referenceTo, type ForeignKeyNames } from './keys.ts';
import type { Row } from './row.ts';
import { StillReferenced, type Store } from './store.ts';
import { Undecided } from './undecided.ts';

interface RowOf {
  readonly type: ModelType;
  readonly row: Row;
}

/** A row that references another row. */
interface Pointer extends RowOf {
  readonly foreignKey: ForeignKeyNames;
}

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
  const textOf = ({ type: of, row }: RowOf) => `${of.name} ${keyOf(store.index, of, row)}`;
  const gone = new Map<string, RowOf>(rows.map((row) => [textOf({ type, row }), { type, row }]));
  const named = new Set(gone.keys());
  // Iterating over a Map includes entries that are added during the iteration.
  for (const each of gone.values()) {
    for (const pointer of pointersTo(store, each, 'CASCADE')) gone.set(textOf(pointer), pointer);
  }
  const holders = [...gone.values()].flatMap((each) => pointersTo(store, each, 'RESTRICT'));
  if (holders.some((holder) => !gone.has(textOf(holder)))) return 'RESTRICTED';
  if (holders.some((holder) => !named.has(textOf(holder)))) throw new Undecided();
  for (const each of gone.values()) {
    for (const { type: other, row, foreignKey } of pointersTo(store, each, 'SET_NULL')) {
      const now = store.get(other.name, keyOf(store.index, other, row));
      if (now === null) continue;
      try {
        store.change(other, now, { ...now, ...cellsTo(foreignKey, null) });
      } catch (error) {
        // A foreign key that becomes null can be referenced itself, as a part of a unique key.
        if (error instanceof StillReferenced) return 'RESTRICTED';
        throw error;
      }
    }
  }
  for (const { type: of, row } of gone.values()) store.remove(of, row);
  return 'DONE';
}

/** Finds the rows that reference a row. */
function pointersTo(
  store: Store,
  { type, row }: RowOf,
  onDelete: ForeignKeyRelation['onDelete'],
): readonly Pointer[] {
  return store.index.model.relations.flatMap((relation) => {
    if (relation.kind === 'JOIN_TABLE' || relation.inverseSide.type !== type.name) return [];
    if (relation.onDelete !== onDelete) return [];
    const foreignKey = foreignKeyOf(store.index, relation.owningSide);
    return store
      .pointing(foreignKey, referenceTo(foreignKey, row))
      .map((other) => ({ type: foreignKey.holder, row: other, foreignKey }));
  });
}
