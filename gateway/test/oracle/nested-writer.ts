import { isOwningSide, type OwningSideField } from '../../src/engine/api/model-index.ts';
import type { Field, ModelType, ToManyField, ToOneField } from '../../src/engine/sdl/model.ts';
import { canonicalValues, givenCells, listsOf, onlyIfAbsent, written } from './cells.ts';
import { asInput, asInputs, type Input } from './input.ts';
import {
  cellsTo,
  foreignKeyOf,
  keyOf,
  referenceIn,
  referenceTo,
  textOf,
  type ForeignKeyNames,
  type KeyText,
} from './keys.ts';
import { NewNumbers } from './new-numbers.ts';
import type { Row } from './row.ts';
import type { Store } from './store.ts';
import { findByKey, findTwin, hasColumns, namedKey } from './unique.ts';
import { Undecided } from './undecided.ts';
import { equalityText } from './values.ts';

type RelationField = ToOneField | ToManyField;

/** The foreign key that the enclosing row sets in a nested row. */
interface Implied {
  readonly field: string;
  readonly owner: Row;
}

/**
 * Applies one root field's writes in the documented order: the row's own values, then disconnected rows, then created
 * rows, then connected rows. Errors are recorded, and writing continues.
 */
export class NestedWriter {
  readonly store: Store;
  readonly problems = new Set<string>();
  /** Codes that the API might report instead of the problems. They are no problems themselves. */
  readonly alternatives = new Set<string>();
  readonly numbers: NewNumbers;
  /** Rows to connect, as the name of the relation and the foreign key. */
  readonly #named = new Set<string>();
  /** The data before the mutation, in which rows are looked up. */
  readonly #before: Store;
  /** Rows to connect that have not been found. */
  readonly #missing: { readonly type: ModelType; readonly where: Input }[] = [];
  readonly #later: (() => void)[] = [];
  readonly #touched = new Map<string, { readonly type: ModelType; readonly key: KeyText }>();
  /** The owner of each connected row. A row can have only one owner. */
  readonly #owners = new Map<string, string>();
  /** Whether the keys of other rows have changed, because they contain a foreign key to a changed row. */
  #hasNewKeys = false;

  constructor(store: Store) {
    this.store = store;
    this.#before = store.clone();
    this.numbers = new NewNumbers(store);
  }

  /**
   * Creates a row and its nested rows.
   * @returns the key of the row. Null if a row that the key contains does not exist
   * @throws Undecided if the API generates a value, unless it is a number
   */
  create(type: ModelType, input: Input, implied: Implied | null = null): KeyText | null {
    const cells = type.fields.map((field) => this.#newCells(type, field, input, implied));
    const row: Row = Object.assign({}, ...cells) as Row;
    const { index } = this.store;
    const key = textOf(index.keyOf(type), row);
    if (key === null) {
      if (this.problems.size === 0) throw new Undecided();
      return null;
    }
    if (this.store.get(type.name, key) !== null) this.problems.add('UNIQUE_VIOLATION');
    this.#add(type, row);
    for (const field of type.fields) {
      const nested = input[field.name];
      if (field.kind === 'VALUE' || isOwningSide(field) || nested == null) continue;
      this.#nest(type, [key], field, asInput(nested));
    }
    return key;
  }

  update(type: ModelType, rows: readonly Row[], input: Input): void {
    if (rows.length === 0) return;
    const keys = rows.map((row) => this.#keyOf(type, row));
    this.numbers.reserve(this.numbers.before(type, input));
    const changes = Object.assign(
      {},
      ...type.fields.map((field) => this.#change(type, field, input)),
    ) as Row;
    for (const key of keys) this.#set(type, key, changes);
    this.#connect();
    const nested = type.fields.filter(
      (field): field is RelationField =>
        field.kind !== 'VALUE' && !isOwningSide(field) && input[field.name] !== undefined,
    );
    this.numbers.reserve(this.numbers.after(type, input, keys.length));
    for (const field of nested) this.#detach(type, keys, field, asInput(input[field.name]));
    for (const field of nested) this.#nest(type, keys, field, asInput(input[field.name]));
  }

  /** Checks that a new row has these values, which come from the `where` of an upsert. */
  expect(type: ModelType, key: KeyText | null, values: Readonly<Record<string, unknown>>): void {
    const row = this.store.get(type.name, key);
    for (const [name, value] of Object.entries(values)) {
      const column = this.store.index.column(type, name);
      if (row === null || column === null) continue;
      const isSame = equalityText(column.type, row[name]) === equalityText(column.type, value);
      if (!isSame) this.problems.add('BAD_USER_INPUT');
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

  breaksUnique(type: ModelType, key: KeyText): boolean {
    const row = this.store.get(type.name, key);
    const taken = this.problems.delete('UNIQUE_VIOLATION');
    return taken || (row !== null && findTwin(this.store, type, row) !== null);
  }

  takeBack(type: ModelType, key: KeyText, before: Store): void {
    const earlier = before.get(type.name, key);
    const row = this.store.get(type.name, key);
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
    for (const { type, key } of this.#touched.values()) {
      const row = this.store.get(type.name, key);
      if (row === null) continue;
      if (findTwin(this.store, type, row) !== null) this.problems.add('UNIQUE_VIOLATION');
      for (const field of type.fields.filter(isOwningSide)) {
        const foreignKey = this.#foreignKey(type, field);
        const reference = referenceIn(foreignKey, row);
        if (reference === null || this.store.referenced(foreignKey, reference) !== null) continue;
        const isNamed = this.#named.has(`${field.relation} ${reference}`);
        this.problems.add(isNamed ? 'NOT_FOUND' : 'FOREIGN_KEY_VIOLATION');
      }
    }
  }

  #keyOf(type: ModelType, row: Row): KeyText {
    return keyOf(this.store.index, type, row);
  }

  #foreignKey({ name: type }: ModelType, { name: field }: OwningSideField): ForeignKeyNames {
    return foreignKeyOf(this.store.index, { type, field });
  }

  #add(type: ModelType, row: Row): void {
    this.store.put(type, row);
    this.#touch(type, row);
  }

  /** Changes columns of a row that are not in its key. */
  #set(type: ModelType, key: KeyText, changes: Row): void {
    const before = this.store.get(type.name, key);
    if (before === null) return;
    const row = { ...before, ...changes };
    this.#touch(type, row);
    for (const { type: other, row: changed } of this.store.change(type, before, row)) {
      this.#touch(other, changed);
      if (this.#before.get(other.name, this.#keyOf(other, changed)) === null) {
        this.#hasNewKeys = true;
      }
    }
  }

  #touch(type: ModelType, row: Row): void {
    const key = this.#keyOf(type, row);
    this.#touched.set(`${type.name} ${key}`, { type, key });
  }

  #newCells(type: ModelType, field: Field, input: Input, implied: Implied | null): Row {
    if (field.kind === 'VALUE') {
      const given = input[field.name];
      if (field.generate === 'SEQUENCE' && given == null) {
        return { [field.name]: this.numbers.take(input) };
      }
      const isGenerated = field.role !== 'ID' && field.generate !== null;
      if (isGenerated && given === undefined) throw new Undecided();
      return { [field.name]: written(field.type, given ?? onlyIfAbsent(field, input)) };
    }
    if (!isOwningSide(field)) return {};
    const foreignKey = this.#foreignKey(type, field);
    if (implied?.field === field.name) return this.#cellsTo(foreignKey, implied.owner);
    const nested = input[field.name];
    return nested != null
      ? this.#owningSide(type, field, asInput(nested))
      : givenCells(foreignKey, input);
  }

  #change(type: ModelType, field: Field, input: Input): Row {
    const given = input[field.name];
    if (field.kind === 'VALUE') {
      return given === undefined ? {} : { [field.name]: written(field.type, given) };
    }
    if (!isOwningSide(field)) return {};
    if (given !== undefined) return this.#owningSide(type, field, asInput(given));
    const foreignKey = this.#foreignKey(type, field);
    const isGiven = foreignKey.columns.some(({ name }) => input[name] !== undefined);
    return isGiven ? givenCells(foreignKey, input) : {};
  }

  /** Returns the foreign key that results from `board: { … }`. Nulls if it is `disconnect`. */
  #owningSide(type: ModelType, field: OwningSideField, { connect, create }: Input): Row {
    const target = this.store.index.type(field.target);
    const foreignKey = this.#foreignKey(type, field);
    if (create != null) {
      const key = this.create(target, asInput(create));
      const row = this.store.get(target.name, key);
      return row === null ? cellsTo(foreignKey, null) : this.#cellsTo(foreignKey, row);
    }
    if (connect == null) return cellsTo(foreignKey, null);
    const named = namedKey(this.store, target, asInput(connect));
    const references = foreignKey.columns.map(({ references: name }) => name);
    if (!hasColumns(named, references)) {
      const found = this.#find(target, asInput(connect));
      if (found === null) return cellsTo(foreignKey, null);
      const cells = this.#cellsTo(foreignKey, found);
      this.#release(field, foreignKey, referenceIn(foreignKey, cells));
      return cells;
    }
    const cells = cellsTo(foreignKey, canonicalValues(named));
    const reference = referenceIn(foreignKey, cells);
    this.#release(field, foreignKey, reference);
    // The key is written before it is known whether the row exists: see `#checkRules`.
    this.#named.add(`${field.relation} ${reference ?? ''}`);
    return cells;
  }

  /** A row can only be referenced if it has a value in each of the referenced columns. */
  #cellsTo(foreignKey: ForeignKeyNames, row: Row): Row {
    if (referenceTo(foreignKey, row) === null) this.problems.add('BAD_USER_INPUT');
    return cellsTo(foreignKey, row);
  }

  #find(target: ModelType, where: Input): Row | null {
    if (this.#hasNewKeys) throw new Undecided();
    const found = findByKey(this.#before, target, where) ?? this.#created(target, where);
    if (found !== null) return found;
    this.problems.add('NOT_FOUND');
    this.#missing.push({ type: target, where });
    return null;
  }

  /** Finds a row that this mutation has created. */
  #created(type: ModelType, where: Input): Row | null {
    const row = findByKey(this.store, type, where);
    if (row === null || this.#before.get(type.name, this.#keyOf(type, row)) !== null) return null;
    // A new row cannot be found by a number that is not known before the write.
    if (this.numbers.anyDrawn) throw new Undecided();
    return row;
  }

  /** Disconnects the current partner of a row in a one-to-one relation that is optional. */
  #release(field: OwningSideField, foreignKey: ForeignKeyNames, reference: KeyText | null): void {
    const relation = this.store.index.relation(field.relation);
    if (field.required || relation.kind !== 'FOREIGN_KEY' || !relation.unique) return;
    const { holder } = foreignKey;
    for (const row of this.#before.pointing(foreignKey, reference)) {
      const key = this.#keyOf(holder, row);
      const now = this.store.get(holder.name, key);
      if (now === null || referenceIn(foreignKey, now) !== reference) continue;
      this.#set(holder, key, cellsTo(foreignKey, null));
    }
  }

  /** Disconnects rows from their owners. */
  #detach(type: ModelType, owners: readonly KeyText[], field: RelationField, nested: Input): void {
    const target = this.store.index.type(field.target);
    const named = (inputs: unknown) =>
      asInputs(inputs).flatMap((where) => {
        if (this.#hasNewKeys) throw new Undecided();
        const row = findByKey(this.#before, target, where);
        return row === null ? [] : [this.#keyOf(target, row)];
      });
    const lets = (leaves: (key: KeyText) => boolean) =>
      owners.forEach((owner) => this.#letGo(type, owner, field, leaves));
    if (field.kind === 'TO_ONE') {
      const relation = this.store.index.relation(field.relation);
      if (relation.kind === 'FOREIGN_KEY' && !relation.required) lets(() => true);
      return;
    }
    if (nested['set'] != null) {
      const kept = named(nested['set']);
      lets((key) => !kept.includes(key));
    }
    if (nested['disconnect'] != null) {
      const left = named(nested['disconnect']);
      lets((key) => left.includes(key));
    }
  }

  #letGo(
    type: ModelType,
    owner: KeyText,
    field: RelationField,
    leaves: (key: KeyText) => boolean,
  ): void {
    const row = this.store.get(type.name, owner);
    if (row === null) return;
    const { index } = this.store;
    const relation = index.relation(field.relation);
    const target = index.type(field.target);
    for (const other of this.store.related(type, row, field)) {
      const key = this.#keyOf(target, other);
      if (!leaves(key)) continue;
      if (relation.kind === 'JOIN_TABLE') {
        this.store.setPair({ type, field }, { own: owner, other: key }, false);
      } else {
        this.#set(target, key, cellsTo(foreignKeyOf(index, relation.owningSide), null));
      }
    }
  }

  /** Creates nested rows, and schedules other rows to be connected. */
  #nest(type: ModelType, owners: readonly KeyText[], field: RelationField, nested: Input): void {
    const { index } = this.store;
    const target = index.type(field.target);
    const { create, connect } = listsOf(field, nested);
    const found = connect.map((where) => this.#toConnect(target, where)).filter((k) => k !== null);
    const relation = index.relation(field.relation);
    const implied = relation.kind === 'JOIN_TABLE' ? null : relation.owningSide.field;
    const made = owners.map((owner, at) => {
      // In a many-to-many relation, one new row can be connected to several owners, so it is created only once.
      if (at > 0 && implied === null) return [];
      const row = this.store.get(type.name, owner);
      const of = implied === null || row === null ? null : { field: implied, owner: row };
      return create.map((data) => this.create(target, data, of));
    });
    if (relation.kind === 'FOREIGN_KEY') {
      // The API might look up the rows to connect before it finds that new rows have the same key.
      if (owners.length > 1 && create.length > 0) this.alternatives.add('NOT_FOUND');
      if (owners.length > 1 && connect.length > 0) this.problems.add('BAD_USER_INPUT');
      for (const owner of owners) {
        this.#later.push(...found.map((key) => () => this.#stand(type, field, { key, owner })));
      }
      return;
    }
    for (const own of owners) {
      const pair = (other: KeyText) => () => {
        if (this.store.get(target.name, other) === null) this.problems.add('NOT_FOUND');
        else this.store.setPair({ type, field }, { own, other }, true);
      };
      const others = [...found, ...(made[0] ?? []).filter((key) => key !== null)];
      this.#later.push(...others.map(pair));
    }
  }

  /** A row identified by its key might be created by the same request, or it might be missing: see `#stand`. */
  #toConnect(target: ModelType, where: Input): KeyText | null {
    const named = namedKey(this.store, target, where);
    const key = this.store.index.keyOf(target);
    const names = key.map(({ name }) => name);
    if (hasColumns(named, names)) {
      if (this.#hasNewKeys) throw new Undecided();
      return textOf(key, named.values);
    }
    const found = this.#find(target, where);
    return found === null ? null : this.#keyOf(target, found);
  }

  /** Moves an existing row to an owner. */
  #stand(
    type: ModelType,
    field: RelationField,
    { key, owner }: { readonly key: KeyText; readonly owner: KeyText },
  ): void {
    const { index } = this.store;
    const relation = index.relation(field.relation);
    if (relation.kind === 'JOIN_TABLE') throw new Error('Join tables are handled separately.');
    const known = this.#owners.get(`${relation.name} ${key}`) ?? owner;
    if (known !== owner) this.problems.add('BAD_USER_INPUT');
    this.#owners.set(`${relation.name} ${key}`, owner);
    const target = index.type(field.target);
    const parent = this.store.get(type.name, owner);
    if (parent === null) return;
    const cells = this.#cellsTo(foreignKeyOf(index, relation.owningSide), parent);
    if (this.store.get(target.name, key) === null) this.problems.add('NOT_FOUND');
    else this.#set(target, key, cells);
  }
}
