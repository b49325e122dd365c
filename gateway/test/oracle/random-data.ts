import { isInKey, isOwningSide, type ModelIndex } from '../../src/engine/api/model-index.ts';
import type {
  Field,
  JsonValue,
  ModelType,
  Relation,
  ValueField,
} from '../../src/engine/sdl/model.ts';
import {
  cellsTo,
  foreignKeyOf,
  keyOf,
  referenceIn,
  referenceTo,
  type ForeignKeyNames,
} from './keys.ts';
import { keyValue } from './random-keys.ts';
import { isSampled, samples } from './samples.ts';
import type { Row } from './row.ts';
import { Store, type PlainData } from './store.ts';
import type { Tape } from './tape.ts';
import { isStorable } from './values.ts';
import { findTwin } from './unique.ts';

/** Generates rows that satisfy all constraints of the model. */
export function randomData(index: ModelIndex, tape: Tape): PlainData {
  const store = new Store(index, { rows: {}, pairs: {} });
  for (const type of inOrderOfReferences(index)) {
    for (let count = tape.pick([3, 8, 7, 6, 5, 4, 1, 0]); count > 0; count -= 1) {
      const row = randomRow(store, type, tape, count);
      if (row !== null && isNew(store, type, row)) store.put(type, row);
    }
  }
  linkBackwards(store, tape);
  for (const relation of index.model.relations) addPairs(store, relation, tape);
  return store.toPlain();
}

/** The types, each after the types that its required foreign keys reference. Their order is otherwise that of the model. */
function inOrderOfReferences(index: ModelIndex): readonly ModelType[] {
  const ordered = new Set<ModelType>();
  const add = (type: ModelType): void => {
    for (const field of type.fields) {
      if (isOwningSide(field) && field.required) add(index.type(field.target));
    }
    ordered.add(type);
  };
  index.model.types.forEach(add);
  return [...ordered];
}

function isNew(store: Store, type: ModelType, row: Row): boolean {
  return (
    store.get(type.name, keyOf(store.index, type, row)) === null &&
    findTwin(store, type, row) === null
  );
}

/** Returns null if a required relation has no row to refer to. */
function randomRow(store: Store, type: ModelType, tape: Tape, number: number): Row | null {
  const cells = type.fields.map((field) => randomCells(store, { type, field }, tape, number));
  return cells.includes(null) ? null : (Object.assign({}, ...cells) as Row);
}

function randomCells(
  store: Store,
  { type, field }: { readonly type: ModelType; readonly field: Field },
  tape: Tape,
  number: number,
): Row | null {
  if (field.kind === 'VALUE') {
    if (isInKey(type, field)) {
      return { [field.name]: keyValue(store.index, { type, field }, number, tape) };
    }
    const isNull = !field.required && tape.oneIn(4);
    return { [field.name]: isNull ? null : randomValue(field, tape) };
  }
  if (!isOwningSide(field)) return {};
  const foreignKey = foreignKeyOf(store.index, { type: type.name, field: field.name });
  const targets = referable(store, foreignKey);
  if (targets.length === 0) return field.required ? null : cellsTo(foreignKey, null);
  const isNull = !field.required && tape.oneIn(4);
  return cellsTo(foreignKey, isNull ? null : tape.pick(targets));
}

/** The rows that have a value in each of the referenced columns. */
function referable(store: Store, foreignKey: ForeignKeyNames): readonly Row[] {
  return store.all(foreignKey.target.name).filter((row) => referenceTo(foreignKey, row) !== null);
}

function randomValue({ type, list }: ValueField, tape: Tape): JsonValue {
  const choices = (isSampled(type.name) ? samples[type.name] : []).filter((value) =>
    isStorable(type, value),
  );
  return list ? tape.list(3, () => tape.pick(choices)) : tape.pick(choices);
}

/** Sets foreign keys to later types and to rows of the same type. */
function linkBackwards(store: Store, tape: Tape): void {
  for (const type of store.index.model.types) {
    for (const field of type.fields.filter(isOwningSide)) {
      const foreignKey = foreignKeyOf(store.index, { type: type.name, field: field.name });
      for (const row of store.all(type.name)) {
        const targets = referable(store, foreignKey);
        if (referenceIn(foreignKey, row) !== null || targets.length === 0 || tape.oneIn(3))
          continue;
        const linked = { ...row, ...cellsTo(foreignKey, tape.pick(targets)) };
        // A row that references these columns as a part of a unique key would have to change as well.
        if (findTwin(store, type, linked) === null) store.change(type, row, linked);
      }
    }
  }
}

function addPairs(store: Store, relation: Relation, tape: Tape): void {
  if (relation.kind !== 'JOIN_TABLE') return;
  const keys = relation.sides.map(({ type }) =>
    store.all(type).map((row) => keyOf(store.index, store.index.type(type), row)),
  );
  const [firsts = [], seconds = []] = keys;
  if (firsts.length === 0 || seconds.length === 0) return;
  for (let count = tape.below(10); count > 0; count -= 1) {
    const pair = [tape.pick(firsts), tape.pick(seconds)] as const;
    store.pairsOf(relation).set(pair.join(' '), pair);
  }
}
