import { isOwningSide, type OwningSideField } from '../../src/engine/api/model-index.ts';
import type {
  Field,
  ModelType,
  JsonValue,
  ToManyField,
  ToOneField,
  ValueField,
  ValueType,
} from '../../src/engine/sdl/model.ts';
import { asInput, asInputs, asJson, type Input } from './input.ts';
import { idOf, keyName, type Row, type Store } from './store.ts';
import { findByKey, findTwin } from './unique.ts';
import { Undecided } from './undecided.ts';
import { canonical } from './values.ts';

type RelationField = ToOneField | ToManyField;

/** The key that the enclosing row sets in a nested row. */
interface Implied {
  readonly field: string;
  readonly owner: string;
}

/**
 * Applies one root field's writes in the documented order: the row's own values, then disconnected rows, then created
 * rows, then connected rows. Errors are recorded, and writing continues.
 */
export class NestedWriter {
  readonly store: Store;
  readonly problems = new Set<string>();
  /** Rows to connect, in the format `relation id`. */
  readonly #named = new Set<string>();
  /** The data before the mutation, in which rows are looked up. */
  readonly #before: Store;
  /** Rows to connect that have not been found. */
  readonly #missing: { readonly type: ModelType; readonly where: Input }[] = [];
  readonly #later: (() => void)[] = [];
  readonly #touched = new Map<string, ModelType>();
  /** The owner of each connected row. A row can have only one owner. */
  readonly #owners = new Map<string, string>();

  constructor(store: Store) {
    this.store = store;
    this.#before = store.clone();
  }

  /**
   * Creates a row and its nested rows.
   * @returns the id of the row
   * @throws Undecided if the API generates the id or another value
   */
  create(type: ModelType, input: Input, implied: Implied | null = null): string {
    const id = written(idType, input[type.key.fields[0] ?? '']);
    if (typeof id !== 'string') throw new Undecided();
    const values = type.fields.flatMap((field) => this.#newCell(type, field, input, implied));
    if (this.store.get(type.name, id) !== null) this.problems.add('UNIQUE_VIOLATION');
    this.#put(type, { ...Object.fromEntries(values), [type.key.fields[0] ?? '']: id });
    for (const field of type.fields) {
      const nested = input[field.name];
      if (field.kind === 'VALUE' || isOwningSide(field) || nested == null) continue;
      this.#nest(type, [id], field, asInput(nested));
    }
    return id;
  }

  update(type: ModelType, rows: readonly Row[], input: Input): void {
    if (rows.length === 0) return;
    const ids = rows.map((row) => idOf(type, row));
    const changes = Object.fromEntries(
      type.fields.flatMap((field) => this.#change(type, field, input)),
    );
    for (const row of rows) this.#put(type, { ...row, ...changes });
    this.#connect();
    const nested = type.fields.filter(
      (field): field is RelationField =>
        field.kind !== 'VALUE' && !isOwningSide(field) && input[field.name] !== undefined,
    );
    for (const field of nested) this.#detach(type, ids, field, asInput(input[field.name]));
    for (const field of nested) this.#nest(type, ids, field, asInput(input[field.name]));
  }

  /** Checks that a new row has these values, which come from the `where` of an upsert. */
  expect(type: ModelType, id: string, values: Readonly<Record<string, unknown>>): void {
    const row = this.store.get(type.name, id);
    for (const [name, value] of Object.entries(values)) {
      if (row?.[name] !== value) this.problems.add('BAD_USER_INPUT');
    }
  }

  /** Applies the remaining changes. */
  finish(): void {
    // A row can be connected that the same input creates later. The order of these writes is not evaluated here.
    if (this.#missing.some(({ type, where }) => this.#created(type, where) !== null)) {
      throw new Undecided();
    }
    this.#connect();
    this.#checkRules();
  }

  breaksUnique(type: ModelType, id: string): boolean {
    const row = this.store.get(type.name, id);
    const taken = this.problems.delete('UNIQUE_VIOLATION');
    return taken || (row !== null && findTwin(this.store, type, row) !== null);
  }

  takeBack(type: ModelType, id: string, before: Store): void {
    const earlier = before.get(type.name, id);
    const row = this.store.get(type.name, id);
    if (earlier !== null) this.store.put(type, earlier);
    else if (row !== null) this.store.remove(type, row);
  }

  /** Connects rows after all rows have been created. */
  #connect(): void {
    // PostgreSQL checks constraints after each statement.
    this.#checkRules();
    for (const connect of this.#later.splice(0)) connect();
  }

  /** Checks that foreign keys refer to existing rows and that unique keys are unique. */
  #checkRules(): void {
    for (const [id, type] of this.#touched) {
      const row = this.store.get(type.name, id);
      if (row === null) continue;
      if (findTwin(this.store, type, row) !== null) this.problems.add('UNIQUE_VIOLATION');
      for (const field of type.fields.filter(isOwningSide)) {
        const key = row[field.key[0].name];
        if (typeof key !== 'string' || this.store.get(field.target, key) !== null) continue;
        const isNamed = this.#named.has(`${field.relation} ${key}`);
        this.problems.add(isNamed ? 'NOT_FOUND' : 'FOREIGN_KEY_VIOLATION');
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
      const isGenerated = field.role !== 'ID' && field.generate !== null;
      if (isGenerated && input[field.name] === undefined) throw new Undecided();
      return [[field.name, written(field.type, input[field.name] ?? onlyIfAbsent(field, input))]];
    }
    if (!isOwningSide(field)) return [];
    if (implied?.field === field.name) return [[field.key[0].name, implied.owner]];
    const nested = input[field.name];
    const id = input[field.key[0].name];
    return [
      [
        field.key[0].name,
        nested != null ? this.#owningSide(type, field, asInput(nested)) : written(idType, id),
      ],
    ];
  }

  #change(type: ModelType, field: Field, input: Input): readonly (readonly [string, JsonValue])[] {
    const given = input[field.name];
    if (field.kind === 'VALUE') {
      return given === undefined ? [] : [[field.name, written(field.type, given)]];
    }
    if (!isOwningSide(field)) return [];
    if (given !== undefined) {
      return [[field.key[0].name, this.#owningSide(type, field, asInput(given))]];
    }
    const id = input[field.key[0].name];
    return id === undefined ? [] : [[field.key[0].name, written(idType, id)]];
  }

  /** Returns the foreign key that results from `board: { … }`. Null if it is `disconnect`. */
  #owningSide(type: ModelType, field: OwningSideField, { connect, create }: Input): string | null {
    const target = this.store.index.type(field.target);
    if (create != null) return this.create(target, asInput(create));
    if (connect == null) return null;
    const id = written(idType, asInput(connect)[target.key.fields[0] ?? '']);
    if (typeof id !== 'string') {
      const found = this.#find(target, asInput(connect));
      if (found !== null) this.#release(type, field, found);
      return found;
    }
    this.#release(type, field, id);
    // The key is written before it is known whether the row exists: see `#checkRules`.
    this.#named.add(`${field.relation} ${id}`);
    return id;
  }

  #find(target: ModelType, where: Input): string | null {
    const found = findByKey(this.#before, target, where) ?? this.#created(target, where);
    if (found !== null) return idOf(target, found);
    this.problems.add('NOT_FOUND');
    this.#missing.push({ type: target, where });
    return null;
  }

  /** Finds a row that this mutation has created. */
  #created(type: ModelType, where: Input): Row | null {
    const row = findByKey(this.store, type, where);
    return row !== null && this.#before.get(type.name, idOf(type, row)) === null ? row : null;
  }

  /** Disconnects the current partner of a row in a one-to-one relation that is optional. */
  #release(type: ModelType, field: OwningSideField, id: string): void {
    const { index } = this.store;
    const relation = index.relation(field.relation);
    if (field.required || relation.kind !== 'FOREIGN_KEY') return;
    const { inverseSide } = relation;
    const inverse = index.field(index.type(inverseSide.type), inverseSide.field ?? '');
    if (inverse?.kind !== 'TO_ONE') return;
    for (const row of this.#before.all(type.name)) {
      const now = this.store.get(type.name, idOf(type, row));
      if (row[field.key[0].name] !== id || now?.[field.key[0].name] !== id) continue;
      this.#put(type, { ...now, [field.key[0].name]: null });
    }
  }

  /** Disconnects rows from their owners. */
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
        this.#put(target, { ...other, [keyName(index, relation.owningSide)]: null });
      }
    }
  }

  /** Creates nested rows, and schedules other rows to be connected. */
  #nest(type: ModelType, owners: readonly string[], field: RelationField, nested: Input): void {
    const target = this.store.index.type(field.target);
    const { create, connect } = listsOf(field, nested);
    const found = connect
      // A row identified by its id might be created by the same request, or it might be missing: see `#stand`.
      .map(
        (where) => written(idType, where[target.key.fields[0] ?? '']) ?? this.#find(target, where),
      )
      .filter((id) => typeof id === 'string');
    const relation = this.store.index.relation(field.relation);
    const implied = relation.kind === 'JOIN_TABLE' ? null : relation.owningSide.field;
    const made = owners.map((owner, at) =>
      // In a many-to-many relation, one new row can be connected to several owners, so it is created only once.
      at > 0 && implied === null
        ? []
        : create.map((data) =>
            this.create(target, data, implied === null ? null : { field: implied, owner }),
          ),
    );
    if (relation.kind === 'FOREIGN_KEY') {
      // Ids are explicit, so rows created for several owners would have the same id. The API might look up the rows to
      // connect before it detects this error.
      if (owners.length > 1 && create.length > 0) this.problems.add('NOT_FOUND');
      if (owners.length > 1 && connect.length > 0) this.problems.add('BAD_USER_INPUT');
      for (const owner of owners) {
        this.#later.push(...found.map((id) => () => this.#stand(field, id, owner)));
      }
      return;
    }
    for (const own of owners) {
      const pair = (other: string) => () => {
        if (this.store.get(target.name, other) === null) this.problems.add('NOT_FOUND');
        else this.store.setPair({ type, field }, { own, other }, true);
      };
      this.#later.push(...[...found, ...(made[0] ?? [])].map(pair));
    }
  }

  /** Moves an existing row to an owner. */
  #stand(field: RelationField, id: string, owner: string): void {
    const { index } = this.store;
    const relation = index.relation(field.relation);
    if (relation.kind === 'JOIN_TABLE') throw new Error('Join tables are handled separately.');
    const known = this.#owners.get(`${relation.name} ${id}`) ?? owner;
    if (known !== owner) this.problems.add('BAD_USER_INPUT');
    this.#owners.set(`${relation.name} ${id}`, owner);
    const target = index.type(field.target);
    const row = this.store.get(target.name, id);
    if (row === null) this.problems.add('NOT_FOUND');
    else this.#put(target, { ...row, [keyName(index, relation.owningSide)]: owner });
  }
}

const idType = { kind: 'SCALAR', name: 'ID' } as const;

function written(type: ValueType, value: unknown): JsonValue {
  return value == null ? null : canonical(type, asJson(value));
}

/** The default applies only if the value is absent, not if it is null. */
function onlyIfAbsent(field: ValueField, input: Input): JsonValue {
  return input[field.name] === undefined ? field.default : null;
}

/** Returns the rows that a nested input connects and creates. `set` also connects rows. */
function listsOf(
  field: RelationField,
  { connect, create, set }: Input,
): { readonly connect: readonly Input[]; readonly create: readonly Input[] } {
  const inputs = (value: unknown) =>
    value == null ? [] : field.kind === 'TO_ONE' ? [asInput(value)] : asInputs(value);
  return { connect: [...inputs(set), ...inputs(connect)], create: inputs(create) };
}
