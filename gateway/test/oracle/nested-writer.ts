import { isHeld } from '../../src/engine/api/model-index.ts';
import type {
  Field,
  ModelType,
  JsonValue,
  ToManyField,
  ToOneField,
} from '../../src/engine/sdl/model.ts';
import { asInput, asInputs, asJson, type Input } from './input.ts';
import { idOf, keyName, type Row, type Store } from './store.ts';
import { findByKey, findTwin } from './unique.ts';
import { asText, canonical } from './values.ts';

type RelationField = ToOneField | ToManyField;

/** The key that a nested row has from the row around it. */
interface Implied {
  readonly field: string;
  readonly owner: string;
}

/**
 * One root field's writes, in the contract's order: a row's own values, then what it lets go of, then what is
 * created under it, then what is connected to it. It notes what is wrong, and goes on.
 */
export class NestedWriter {
  readonly store: Store;
  readonly problems = new Set<string>();
  /** Has anything been created or connected beside the rows themselves? */
  nests = false;
  /** Rows are looked up as they were before. */
  readonly #before: Store;
  readonly #touched = new Map<string, ModelType>();
  /** Each row that came to stand under another: it can stand under one alone. */
  readonly #owners = new Map<string, string>();

  constructor(store: Store) {
    this.store = store;
    this.#before = store.clone();
  }

  /** @returns the id */
  create(type: ModelType, input: Input, implied: Implied | null = null): string {
    const id = asText(canonical(idType, asJson(input[type.idField])));
    const values = type.fields.flatMap((field) => this.#newCell(type, field, input, implied));
    if (this.store.get(type.name, id) !== null) this.problems.add('UNIQUE_VIOLATION');
    this.#put(type, { ...Object.fromEntries(values), [type.idField]: id });
    const later: (() => void)[] = [];
    for (const field of type.fields) {
      const nested = input[field.name];
      if (field.kind === 'VALUE' || isHeld(field) || nested == null) continue;
      later.push(...this.#nest(type, [id], field, asInput(nested)));
    }
    for (const connect of later) connect();
    return id;
  }

  update(type: ModelType, rows: readonly Row[], input: Input): void {
    if (rows.length === 0) return;
    const ids = rows.map((row) => idOf(type, row));
    const changes = Object.fromEntries(type.fields.flatMap((field) => this.#change(field, input)));
    for (const row of rows) this.#put(type, { ...row, ...changes });
    // Each statement keeps the rules of the database by itself.
    this.#checkUniques();
    const nested = type.fields.filter(
      (field): field is RelationField =>
        field.kind !== 'VALUE' && !isHeld(field) && input[field.name] !== undefined,
    );
    for (const field of nested) this.#detach(type, ids, field, asInput(input[field.name]));
    const later = nested.flatMap((field) =>
      this.#nest(type, ids, field, asInput(input[field.name])),
    );
    for (const connect of later) connect();
  }

  /** Keys lead somewhere, and unique ones are. */
  checkRules(): void {
    this.#checkUniques();
    for (const [id, type] of this.#touched) {
      const row = this.store.get(type.name, id);
      for (const field of type.fields.filter(isHeld)) {
        const key = row?.[field.key.name] ?? null;
        if (key !== null && this.store.get(field.target, key) === null) {
          this.problems.add('FOREIGN_KEY_VIOLATION');
        }
      }
    }
  }

  breaksUnique(type: ModelType, id: string): boolean {
    const row = this.store.get(type.name, id);
    const taken = this.problems.delete('UNIQUE_VIOLATION');
    return taken || (row !== null && findTwin(this.store, type, row) !== null);
  }

  takeBack(type: ModelType, id: string, before: Store): void {
    const row = this.store.get(type.name, id);
    if (row !== null) this.store.remove(type, row);
    const earlier = before.get(type.name, id);
    if (earlier !== null) this.store.put(type, earlier);
    else this.#touched.delete(id);
  }

  #checkUniques(): void {
    for (const [id, type] of this.#touched) {
      const row = this.store.get(type.name, id);
      if (row !== null && findTwin(this.store, type, row) !== null) {
        this.problems.add('UNIQUE_VIOLATION');
      }
    }
  }

  #put(type: ModelType, row: Row): void {
    this.store.put(type, row);
    this.#touched.set(idOf(type, row), type);
  }

  #newCell(
    type: ModelType,
    field: Field,
    input: Input,
    implied: Implied | null,
  ): readonly (readonly [string, JsonValue])[] {
    if (field.kind === 'VALUE') {
      const given = input[field.name];
      if (given === undefined) {
        if (field.required && field.default === null && field.name !== type.idField) this.#refuse();
        return [[field.name, field.default === null ? null : canonical(field.type, field.default)]];
      }
      if (given === null && field.required) this.#refuse();
      return [[field.name, given === null ? null : canonical(field.type, asJson(given))]];
    }
    if (!isHeld(field)) return [];
    const [id, nested] = [input[field.key.name] ?? null, input[field.name] ?? null];
    const isImplied = implied?.field === field.name;
    const ways = [id, nested, isImplied ? implied.owner : null].filter((way) => way !== null);
    if (ways.length > 1 || (ways.length === 0 && field.required)) this.#refuse();
    if (isImplied) return [[field.key.name, implied.owner]];
    if (nested !== null) return [[field.key.name, this.#held(field, asInput(nested))]];
    return [[field.key.name, id === null ? null : canonical(idType, asJson(id))]];
  }

  #change(field: Field, input: Input): readonly (readonly [string, JsonValue])[] {
    if (field.kind === 'VALUE') {
      const given = input[field.name];
      if (given === undefined) return [];
      if (given === null && field.required) this.#refuse();
      return [[field.name, given === null ? null : canonical(field.type, asJson(given))]];
    }
    if (!isHeld(field)) return [];
    const [id, nested] = [input[field.key.name], input[field.name]];
    if (id !== undefined && nested !== undefined) this.#refuse();
    if (nested !== undefined) {
      if (nested === null) this.#refuse();
      const key = nested === null ? null : this.#held(field, asInput(nested));
      if (key === null && field.required) this.#refuse();
      return [[field.key.name, key]];
    }
    if (id === undefined) return [];
    if (id === null && field.required) this.#refuse();
    return [[field.key.name, id === null ? null : canonical(idType, asJson(id))]];
  }

  /** The key that `board: { … }` comes to. */
  #held(field: ToOneField, nested: Input): string | null {
    this.nests = true;
    const target = this.store.index.type(field.target);
    const { connect, create, disconnect } = this.#oneChoice(nested);
    if (disconnect) return null;
    if (create !== null) return this.create(target, create);
    return connect === null ? null : this.#find(target, connect);
  }

  #oneChoice(nested: Input) {
    const connect = nested['connect'] == null ? null : asInput(nested['connect']);
    const create = nested['create'] == null ? null : asInput(nested['create']);
    const disconnect = nested['disconnect'] === true;
    const ways = [connect, create, disconnect || null].filter((way) => way !== null);
    if (ways.length !== 1) this.#refuse();
    return { connect, create, disconnect };
  }

  #find(target: ModelType, where: Input): string | null {
    const found = findByKey(this.#before, target, where);
    if (found === null) this.problems.add('NOT_FOUND');
    return found === null ? null : idOf(target, found);
  }

  #refuse(): void {
    this.problems.add('BAD_USER_INPUT');
  }

  /** Rows that stood under these no longer do. */
  #detach(type: ModelType, owners: readonly string[], field: RelationField, nested: Input): void {
    const target = this.store.index.type(field.target);
    const named = (inputs: unknown) =>
      asInputs(inputs).flatMap((where) => {
        const row = findByKey(this.#before, target, where);
        return row === null ? [] : [idOf(target, row)];
      });
    const lets = (leaves: (id: string) => boolean) =>
      owners.forEach((owner) => this.#letGo(type, owner, field, leaves));
    if (field.kind === 'TO_ONE') {
      const relation = this.store.index.relation(field.relation);
      if (relation.kind === 'FOREIGN_KEY' && !relation.required) lets(() => true);
      return;
    }
    for (const kind of ['set', 'disconnect']) if (nested[kind] === null) this.#refuse();
    if (nested['set'] != null) {
      const kept = named(nested['set']);
      lets((id) => !kept.includes(id));
    }
    if (nested['disconnect'] != null) {
      const left = named(nested['disconnect']);
      lets((id) => left.includes(id));
    }
  }

  #letGo(
    type: ModelType,
    owner: string,
    field: RelationField,
    leaves: (id: string) => boolean,
  ): void {
    const row = this.store.get(type.name, owner);
    if (row === null) return;
    const { index } = this.store;
    const relation = index.relation(field.relation);
    const target = index.type(field.target);
    for (const other of this.store.related(type, row, field)) {
      const id = idOf(target, other);
      if (!leaves(id)) continue;
      if (relation.kind === 'JOIN_TABLE') {
        this.store.setPair({ type, field }, { own: owner, other: id }, false);
      } else {
        this.#put(target, { ...other, [keyName(index, relation.holder)]: null });
      }
    }
  }

  /** Creates what is to be created; what is to be connected is returned as what to do later. */
  #nest(
    type: ModelType,
    owners: readonly string[],
    field: RelationField,
    nested: Input,
  ): readonly (() => void)[] {
    this.nests = true;
    const target = this.store.index.type(field.target);
    const { create, connect } = this.#listsOf(field, nested);
    const found = connect.map((where) => this.#find(target, where)).filter((id) => id !== null);
    const relation = this.store.index.relation(field.relation);
    const implied = relation.kind === 'JOIN_TABLE' ? null : relation.holder.field;
    const made = owners.map((owner, at) =>
      // A pair can stand for each owner, so the row itself is made once.
      at > 0 && implied === null
        ? []
        : create.map((data) =>
            this.create(target, data, implied === null ? null : { field: implied, owner }),
          ),
    );
    if (relation.kind === 'FOREIGN_KEY') {
      return owners.flatMap((owner) => found.map((id) => () => this.#stand(field, id, owner)));
    }
    const all = [...found, ...(made[0] ?? [])];
    for (const own of owners) {
      for (const other of all) this.store.setPair({ type, field }, { own, other }, true);
    }
    return [];
  }

  #listsOf(field: RelationField, nested: Input) {
    if (field.kind === 'TO_ONE') {
      const { connect, create } = this.#oneChoice(nested);
      return {
        connect: connect === null ? [] : [connect],
        create: create === null ? [] : [create],
      };
    }
    for (const kind of ['connect', 'create']) if (nested[kind] === null) this.#refuse();
    const inputs = (kind: string) => (nested[kind] == null ? [] : asInputs(nested[kind]));
    return { connect: [...inputs('set'), ...inputs('connect')], create: inputs('create') };
  }

  /** A row that is there comes to stand under an owner. */
  #stand(field: RelationField, id: string, owner: string): void {
    const { index } = this.store;
    const relation = index.relation(field.relation);
    if (relation.kind === 'JOIN_TABLE') throw new Error('Pairs are made otherwise.');
    const known = this.#owners.get(`${relation.name} ${id}`) ?? owner;
    if (known !== owner) this.#refuse();
    this.#owners.set(`${relation.name} ${id}`, owner);
    const target = index.type(field.target);
    const row = this.store.get(target.name, id);
    if (row !== null) this.#put(target, { ...row, [keyName(index, relation.holder)]: owner });
  }
}

const idType = { kind: 'SCALAR', name: 'ID' } as const;
