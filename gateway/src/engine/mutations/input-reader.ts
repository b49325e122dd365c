import type { ModelIndex } from '../api/model-index.ts';
import { issueTexts, operationErrors, type InputIssue } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import type { ModelType } from '../sdl/model.ts';
import { PendingId, type Lookup, type NamedRow, type Reference, type RowId } from './draft.ts';
import type { InputLocation } from './input-location.ts';
import type { ValueReading } from './value-codec.ts';
import { writableTable, type WritableColumn, type WritableTable } from './writable-table.ts';

/** Further issues are not reported. */
const maxIssues = 100;

/** What the root fields of one request have in common: the number of rows they name, and the issues found. */
export class RequestInput {
  readonly issues: InputIssue[] = [];
  #rows = 0;

  report(location: InputLocation, message: string): void {
    if (this.issues.length < maxIssues) this.issues.push({ path: location.path, message });
  }

  /** @throws OperationError when the request names more rows than `requestLimits.namedRows` */
  countRow(location: InputLocation): void {
    this.#rows += 1;
    const { namedRows } = requestLimits;
    if (this.#rows > namedRows) throw operationErrors.tooManyRowsNamed(location.path, namedRows);
  }
}

/** What reading the input of one root field collects beside its draft. */
export class FieldInput {
  readonly newId: () => string;
  readonly request: RequestInput;
  /** Rows to find before the write. */
  readonly lookups: PendingId[] = [];
  readonly references: Reference[] = [];
  readonly #index: ModelIndex;

  constructor(index: ModelIndex, newId: () => string, request: RequestInput) {
    this.#index = index;
    this.newId = newId;
    this.request = request;
  }

  /** For a branch that may not run, such as `create` of an upsert: its rows are looked up only if it does. */
  branch(): FieldInput {
    return new FieldInput(this.#index, this.newId, this.request);
  }

  tableOf(type: ModelType | string): WritableTable {
    return writableTable(this.#index, typeof type === 'string' ? this.#index.type(type) : type);
  }
}

/** One input object as GraphQL coerced it, and its location. Whatever is wrong with it is reported at that location. */
export class InputReader {
  readonly input: FieldInput;
  readonly location: InputLocation;
  readonly #value: Readonly<Record<string, unknown>>;

  /** @throws Error where GraphQL's types promise an input object and `value` is none */
  constructor(input: FieldInput, value: unknown, location: InputLocation) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error('A coerced input object is an object.');
    }
    this.input = input;
    this.location = location;
    // Narrowed to an object that is no array.
    this.#value = value as Readonly<Record<string, unknown>>;
  }

  /** The same object, read for another `FieldInput`. */
  with(input: FieldInput): InputReader {
    return new InputReader(input, this.#value, this.location);
  }

  /** The value of a field; `undefined` where the object does not give it, also for inherited names such as `constructor`. */
  given(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }

  report(message: string): void {
    this.input.request.report(this.location, message);
  }

  reportMember(name: string, message: string): void {
    this.input.request.report(this.location.member(name), message);
  }

  countRow(): void {
    this.input.request.countRow(this.location);
  }

  /** A field that holds an input object. */
  object(name: string): InputReader {
    return new InputReader(this.input, this.given(name), this.location.member(name));
  }

  /** A field that holds a list of input objects: none where it is not given. Null is reported. */
  objects(name: string): readonly InputReader[] {
    const list = this.given(name);
    if (list === undefined) return [];
    if (list === null) {
      this.reportMember(name, issueTexts.notNull);
      return [];
    }
    if (!Array.isArray(list)) throw new Error('A coerced list is an array.');
    const location = this.location.member(name);
    return list.map((item, index) => new InputReader(this.input, item, location.member(index)));
  }

  /**
   * The value for a column, ready to be stored; `undefined` where the object does not give it, and null where it is
   * null or wrong.
   */
  value(column: WritableColumn): unknown {
    const value = this.given(column.name);
    if (value === undefined) return undefined;
    if (value === null) {
      if (column.required) this.reportMember(column.name, issueTexts.notNull);
      return null;
    }
    return this.#checked(column.codec.read(value), column.name);
  }

  /** The one of `connect` and `create` that the input of a to-one relation gives; null after a report that it is not one. */
  connectOrCreate(): { readonly kind: 'connect' | 'create'; readonly reader: InputReader } | null {
    const kinds = (['connect', 'create'] as const).filter((kind) => this.has(kind));
    const [only, ...more] = kinds;
    if (only !== undefined && more.length === 0) return { kind: only, reader: this.object(only) };
    this.report('Give one of connect and create.');
    return null;
  }

  /** Is the field given, and not null? */
  has(name: string): boolean {
    return (this.given(name) ?? null) !== null;
  }

  /**
   * Reads this object as a `WhereUniqueInput` within `data`: an id is used as it is, any other key is looked up.
   *
   * @returns null after a report of what is wrong
   */
  namedRow(
    table: WritableTable,
    { optional }: Pick<Lookup, 'optional'> = { optional: false },
  ): NamedRow | null {
    const { location } = this;
    this.countRow();
    const { id } = table;
    if (this.given(id.name) !== undefined) {
      // The value of an id is a string.
      const row = this.#keyValue(id) as string | null;
      return row === null ? null : { row, location };
    }
    for (const [name, unique] of table.uniques) {
      if (this.given(name) === undefined) continue;
      const [only, ...more] = unique.columns;
      const values =
        only !== undefined && more.length === 0
          ? [this.#keyValue(only, name)]
          : unique.columns.map((column) => this.object(name).#keyValue(column));
      if (values.includes(null)) return null;
      const row: RowId = new PendingId({ table, unique, values, location, optional });
      this.input.lookups.push(row);
      return { row, location };
    }
    this.report('Name the row by one of its keys.');
    return null;
  }

  /** Null after a report of what is wrong. */
  #keyValue({ name, codec }: WritableColumn, member = name): unknown {
    const value = this.given(member);
    if (value !== null && value !== undefined) return this.#checked(codec.read(value), member);
    this.reportMember(member, 'A key has no null.');
    return null;
  }

  #checked(reading: ValueReading, name: string): unknown {
    if (reading.ok) return reading.value;
    const location = this.location.member(name);
    const { item, message } = reading;
    this.input.request.report(item === null ? location : location.member(item), message);
    return null;
  }
}
