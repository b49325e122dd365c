import type { ModelIndex } from '../../src/engine/api/model-index.ts';
import type { ModelType, Relation, ToManyField, ToOneField } from '../../src/engine/sdl/model.ts';
import {
  cellsTo,
  foreignKeyOf,
  keyOf,
  referenceIn,
  referenceTo,
  type ForeignKeyNames,
  type KeyText,
} from './keys.ts';
import type { Row } from './row.ts';
import { Sequences } from './sequences.ts';

/** A pair of a join table: the keys of two rows, in the same order as the relation's sides. */
export type Pair = readonly [KeyText, KeyText];

/** A project's data as plain JSON: each type's rows, and the pairs in each join table. */
export interface PlainData {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly pairs: Readonly<Record<string, readonly Pair[]>>;
}

/** Thrown if a referenced field becomes null, but the foreign key is required. */
export class StillReferenced extends Error {
  override readonly name = 'StillReferenced';
}

/** One project's data in memory. It resolves relations but enforces no constraints. */
export class Store {
  readonly index: ModelIndex;
  readonly sequences: Sequences;
  readonly #rows: Map<string, Map<KeyText, Row>>;
  /** The pairs in each join table, by their text. */
  readonly #pairs: Map<string, Map<string, Pair>>;

  constructor(index: ModelIndex, data: PlainData, sequences = new Sequences()) {
    this.index = index;
    this.sequences = sequences;
    this.#rows = new Map(
      index.model.types.map((type) => [
        type.name,
        new Map((data.rows[type.name] ?? []).map((row) => [keyOf(index, type, row), row])),
      ]),
    );
    this.#pairs = new Map(
      index.model.relations
        .filter(({ kind }) => kind === 'JOIN_TABLE')
        .map(({ name }) => [
          name,
          new Map((data.pairs[name] ?? []).map((pair) => [pair.join(' '), pair])),
        ]),
    );
  }

  /** Sorts rows by key, so that equal data results in equal JSON. */
  toPlain(): PlainData {
    const sorted = <T>(map: ReadonlyMap<string, T>) =>
      [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
    const all = <T>(maps: ReadonlyMap<string, ReadonlyMap<string, T>>) =>
      Object.fromEntries([...maps].map(([name, map]) => [name, sorted(map)]));
    return { rows: all(this.#rows), pairs: all(this.#pairs) };
  }

  clone(): Store {
    return this.withSequences(this.sequences.clone());
  }

  withSequences(sequences: Sequences): Store {
    return new Store(this.index, this.toPlain(), sequences);
  }

  all(type: string): readonly Row[] {
    return [...this.#table(type).values()];
  }

  get(type: string, key: KeyText | null): Row | null {
    return key === null ? null : (this.#table(type).get(key) ?? null);
  }

  put(type: ModelType, row: Row): void {
    this.#table(type.name).set(keyOf(this.index, type, row), row);
  }

  /**
   * Changes a row. The foreign keys that reference it change with it, and so do the keys that contain them.
   * @returns the rows whose foreign keys have changed
   * @throws StillReferenced if a required foreign key would become null
   */
  change(type: ModelType, before: Row, after: Row): readonly { type: ModelType; row: Row }[] {
    const [oldKey, newKey] = [before, after].map((row) => keyOf(this.index, type, row));
    const table = this.#table(type.name);
    if (oldKey !== undefined && oldKey !== newKey) {
      table.delete(oldKey);
      this.#renamePairs(type, oldKey, newKey ?? '');
    }
    table.set(newKey ?? '', after);
    return this.pointersTo(type).flatMap((foreignKey) => {
      const [was, is] = [referenceTo(foreignKey, before), referenceTo(foreignKey, after)];
      if (was === null || was === is) return [];
      const { name } = foreignKey.columns[0] ?? { name: '' };
      const isRequired = this.index.column(foreignKey.holder, name)?.required === true;
      if (is === null && isRequired && this.pointing(foreignKey, was).length > 0) {
        throw new StillReferenced();
      }
      return this.pointing(foreignKey, was).flatMap((other) => {
        const changed = { ...other, ...cellsTo(foreignKey, after) };
        const { holder } = foreignKey;
        return [{ type: holder, row: changed }, ...this.change(holder, other, changed)];
      });
    });
  }

  /** Removes a row and its pairs. */
  remove(type: ModelType, row: Row): void {
    const own = keyOf(this.index, type, row);
    this.#table(type.name).delete(own);
    for (const { pairs, at } of this.#pairsOfType(type)) {
      for (const [text, pair] of pairs) if (pair[at] === own) pairs.delete(text);
    }
  }

  related(type: ModelType, row: Row, field: ToOneField | ToManyField): readonly Row[] {
    const relation = this.index.relation(field.relation);
    if (relation.kind === 'JOIN_TABLE') {
      const own = ownSide(relation, type, field);
      const key = keyOf(this.index, type, row);
      return [...this.pairsOf(relation).values()]
        .filter((pair) => pair[own] === key)
        .map((pair) => this.get(field.target, pair[1 - own] ?? null))
        .filter((found) => found !== null);
    }
    const foreignKey = foreignKeyOf(this.index, relation.owningSide);
    if (field.kind === 'TO_ONE' && field.key !== null) {
      const found = this.referenced(foreignKey, referenceIn(foreignKey, row));
      return found === null ? [] : [found];
    }
    return this.pointing(foreignKey, referenceTo(foreignKey, row));
  }

  /** The row that a foreign key references. */
  referenced(foreignKey: ForeignKeyNames, reference: KeyText | null): Row | null {
    if (reference === null) return null;
    const isIt = (row: Row) => referenceTo(foreignKey, row) === reference;
    return this.all(foreignKey.target.name).find(isIt) ?? null;
  }

  /** The rows whose foreign key has this value. */
  pointing(foreignKey: ForeignKeyNames, reference: KeyText | null): readonly Row[] {
    if (reference === null) return [];
    const isOne = (row: Row) => referenceIn(foreignKey, row) === reference;
    return this.all(foreignKey.holder.name).filter(isOne);
  }

  /** The foreign keys that reference rows of a type. */
  pointersTo({ name }: ModelType): readonly ForeignKeyNames[] {
    return this.index.model.relations.flatMap((relation) =>
      relation.kind === 'FOREIGN_KEY' && relation.inverseSide.type === name
        ? [foreignKeyOf(this.index, relation.owningSide)]
        : [],
    );
  }

  /** Adds a pair to a join table or removes it. */
  setPair(
    { type, field }: { readonly type: ModelType; readonly field: ToOneField | ToManyField },
    { own, other }: { readonly own: KeyText; readonly other: KeyText },
    stands: boolean,
  ): void {
    const relation = this.index.relation(field.relation);
    if (relation.kind !== 'JOIN_TABLE') throw new Error(`${relation.name} has no join table.`);
    const pair: Pair = ownSide(relation, type, field) === 0 ? [own, other] : [other, own];
    if (stands) this.pairsOf(relation).set(pair.join(' '), pair);
    else this.pairsOf(relation).delete(pair.join(' '));
  }

  pairsOf({ name }: Relation): Map<string, Pair> {
    const pairs = this.#pairs.get(name);
    if (pairs === undefined) throw new Error(`${name} has no join table.`);
    return pairs;
  }

  #renamePairs(type: ModelType, from: KeyText, to: KeyText): void {
    for (const { pairs, at } of this.#pairsOfType(type)) {
      for (const [text, pair] of [...pairs]) {
        if (pair[at] !== from) continue;
        const [first, second] = pair;
        const renamed: Pair = at === 0 ? [to, second] : [first, to];
        pairs.delete(text);
        pairs.set(renamed.join(' '), renamed);
      }
    }
  }

  /** The join tables of a type, with the side that contains its keys. */
  #pairsOfType({ name }: ModelType): readonly { pairs: Map<string, Pair>; at: number }[] {
    return this.index.model.relations.flatMap((relation) =>
      relation.kind === 'JOIN_TABLE'
        ? relation.sides.flatMap((side, at) =>
            side.type === name ? [{ pairs: this.pairsOf(relation), at }] : [],
          )
        : [],
    );
  }

  #table(type: string): Map<KeyText, Row> {
    const table = this.#rows.get(type);
    if (table === undefined) throw new Error(`The model has no type ${type}.`);
    return table;
  }
}

/** Returns which of a pair's two keys (0 or 1) belongs to the row that has the list `field`. */
function ownSide(
  { sides }: Extract<Relation, { kind: 'JOIN_TABLE' }>,
  type: ModelType,
  field: ToOneField | ToManyField,
): 0 | 1 {
  return sides[0].type === type.name && sides[0].field === field.name ? 0 : 1;
}
