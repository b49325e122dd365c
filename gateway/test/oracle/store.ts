import type { ModelIndex } from '../../src/engine/api/model-index.ts';
import type {
  JsonValue,
  ModelType,
  Relation,
  ToManyField,
  ToOneField,
} from '../../src/engine/sdl/model.ts';

/** A row's values by field or key name (`title`, `boardId`), in the format in which the API returns them. */
export type Row = Readonly<Record<string, JsonValue>>;

/**
 * A project's data as plain JSON: each type's rows, and the pairs of ids in each join table. The ids in a pair are in
 * the same order as the relation's sides.
 */
export interface PlainData {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly pairs: Readonly<Record<string, readonly (readonly [string, string])[]>>;
}

/** One project's data in memory. It resolves relations but enforces no constraints. */
export class Store {
  readonly index: ModelIndex;
  readonly #rows: Map<string, Map<string, Row>>;
  /** The pairs in each join table: `first second` → both ids. */
  readonly #pairs: Map<string, Map<string, readonly [string, string]>>;

  constructor(index: ModelIndex, data: PlainData) {
    this.index = index;
    this.#rows = new Map(
      index.model.types.map((type) => [
        type.name,
        new Map((data.rows[type.name] ?? []).map((row) => [idOf(type, row), row])),
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

  /** Sorts rows by id, so that equal data results in equal JSON. */
  toPlain(): PlainData {
    const sorted = <T>(map: ReadonlyMap<string, T>) =>
      [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
    const all = <T>(maps: ReadonlyMap<string, ReadonlyMap<string, T>>) =>
      Object.fromEntries([...maps].map(([name, map]) => [name, sorted(map)]));
    return { rows: all(this.#rows), pairs: all(this.#pairs) };
  }

  clone(): Store {
    return new Store(this.index, this.toPlain());
  }

  all(type: string): readonly Row[] {
    return [...this.#table(type).values()];
  }

  get(type: string, id: JsonValue | undefined): Row | null {
    return typeof id === 'string' ? (this.#table(type).get(id) ?? null) : null;
  }

  put(type: ModelType, row: Row): void {
    this.#table(type.name).set(idOf(type, row), row);
  }

  /** Removes a row and its pairs. */
  remove(type: ModelType, row: Row): void {
    this.#table(type.name).delete(idOf(type, row));
    for (const relation of this.index.model.relations) {
      if (relation.kind !== 'JOIN_TABLE') continue;
      relation.sides.forEach((side, at) => {
        if (side.type !== type.name) return;
        const pairs = this.pairsOf(relation);
        for (const [key, pair] of pairs) if (pair[at] === idOf(type, row)) pairs.delete(key);
      });
    }
  }

  related(type: ModelType, row: Row, field: ToOneField | ToManyField): readonly Row[] {
    const relation = this.index.relation(field.relation);
    if (relation.kind === 'JOIN_TABLE') {
      const own = ownSide(relation, type, field);
      return [...this.pairsOf(relation).values()]
        .filter((pair) => pair[own] === idOf(type, row))
        .map((pair) => this.get(field.target, pair[1 - own]))
        .filter((found) => found !== null);
    }
    if (field.kind === 'TO_ONE' && field.key !== null) {
      return [this.get(field.target, row[field.key[0].name])].filter((found) => found !== null);
    }
    const key = keyName(this.index, relation.owningSide);
    return this.all(field.target).filter((other) => other[key] === idOf(type, row));
  }

  /** Adds a pair to a join table or removes it. */
  setPair(
    { type, field }: { readonly type: ModelType; readonly field: ToOneField | ToManyField },
    { own, other }: { readonly own: string; readonly other: string },
    stands: boolean,
  ): void {
    const relation = this.index.relation(field.relation);
    if (relation.kind !== 'JOIN_TABLE') throw new Error(`${relation.name} has no join table.`);
    const pair =
      ownSide(relation, type, field) === 0 ? ([own, other] as const) : ([other, own] as const);
    if (stands) this.pairsOf(relation).set(pair.join(' '), pair);
    else this.pairsOf(relation).delete(pair.join(' '));
  }

  pairsOf({ name }: Relation): Map<string, readonly [string, string]> {
    const pairs = this.#pairs.get(name);
    if (pairs === undefined) throw new Error(`${name} has no join table.`);
    return pairs;
  }

  #table(type: string): Map<string, Row> {
    const table = this.#rows.get(type);
    if (table === undefined) throw new Error(`The model has no type ${type}.`);
    return table;
  }
}

export function idOf(type: ModelType, row: Row): string {
  const id = row[type.key.fields[0] ?? ''];
  if (typeof id !== 'string') throw new Error(`A row of ${type.name} has no id.`);
  return id;
}

/** Returns which of a pair's two ids (0 or 1) belongs to the row that has the list `field`. */
function ownSide(
  { sides }: Extract<Relation, { kind: 'JOIN_TABLE' }>,
  type: ModelType,
  field: ToOneField | ToManyField,
): 0 | 1 {
  return sides[0].type === type.name && sides[0].field === field.name ? 0 : 1;
}

/** `Issue.board` → `boardId` */
export function keyName(
  index: ModelIndex,
  holder: { readonly type: string; readonly field: string },
): string {
  const field = index.field(index.type(holder.type), holder.field);
  if (field?.kind !== 'TO_ONE' || field.key === null) {
    throw new Error(`${holder.type}.${holder.field} has no foreign key.`);
  }
  return field.key[0].name;
}
