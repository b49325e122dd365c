import type { ModelIndex } from '../api/model-index.ts';
import { issueTexts, operationErrors, type InputIssue } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import type { ModelType } from '../sdl/model.ts';
import type { ExpectedValue, Reference, Release } from './draft.ts';
import type { InputLocation } from './input-location.ts';
import type { NewValues } from './new-values.ts';
import type { Presets } from './presets.ts';
import { NamedRow } from './row-ref.ts';
import type { ValueReading } from './value-codec.ts';
import { writableTable, type WritableColumn, type WritableTable } from './writable-table.ts';

/** The maximum number of reported issues. */
const maxIssues = 100;

/** How many rows a caller can write at once: see `requestLimits`. */
export type RowLimits = Readonly<Record<'namedRows' | 'atMost' | 'atMostCounted', number>>;

/** State that a request's root fields share: the number of rows in the request's data, and the issues. */
export class RequestInput {
  readonly issues: InputIssue[] = [];
  readonly limits: RowLimits;
  #rows = 0;
  #numbers = 0;

  constructor(limits: RowLimits = requestLimits) {
    this.limits = limits;
  }

  report(location: InputLocation, message: string): void {
    if (this.issues.length < maxIssues) this.issues.push({ path: location.path, message });
  }

  /** Returns the position of a key that will be drawn from a sequence. */
  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  /** @throws OperationError if the request's data contains too many rows */
  countRow(location: InputLocation): void {
    this.#rows += 1;
    const { namedRows } = this.limits;
    if (this.#rows > namedRows) throw operationErrors.tooManyRowsNamed(location.path, namedRows);
  }
}

export interface InputEnvironment {
  readonly index: ModelIndex;
  readonly newValues: NewValues;
  readonly request: RequestInput;
  readonly presets: Presets | null;
}

/** Information that is collected from a root field's input, in addition to the draft. */
export class FieldInput {
  readonly newValues: NewValues;
  readonly request: RequestInput;
  /** Rows to look up before the write. */
  readonly lookups: NamedRow[] = [];
  readonly references: Reference[] = [];
  readonly releases: Release[] = [];
  readonly expected: ExpectedValue[] = [];
  /** The values that presets fill in. Null for callers to whom no rules apply. */
  readonly presets: Presets | null;
  readonly #index: ModelIndex;

  constructor({ index, newValues, request, presets }: InputEnvironment) {
    this.#index = index;
    this.newValues = newValues;
    this.request = request;
    this.presets = presets;
  }

  /** Creates the input for a conditional branch, such as `create` in an upsert, with separate lookups. */
  branch(): FieldInput {
    const { newValues, request, presets } = this;
    return new FieldInput({ index: this.#index, newValues, request, presets });
  }

  tableOf(type: ModelType | string): WritableTable {
    return writableTable(this.#index, typeof type === 'string' ? this.#index.type(type) : type);
  }
}

/** Reads a coerced input object. Issues are reported at the object's location. */
export class InputReader {
  readonly input: FieldInput;
  readonly location: InputLocation;
  readonly #value: Readonly<Record<string, unknown>>;

  /** @throws Error if `value` is not an object, which means that it was not coerced */
  constructor(input: FieldInput, value: unknown, location: InputLocation) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error('Expected a coerced input object.');
    }
    this.input = input;
    this.location = location;
    // The check above narrows the value to an object that is not an array.
    this.#value = value as Readonly<Record<string, unknown>>;
  }

  /** Returns a reader for the same object with another `FieldInput`. */
  with(input: FieldInput): InputReader {
    return new InputReader(input, this.#value, this.location);
  }

  /** Returns a reader for the same object with these members instead of its own. */
  withMembers(members: Readonly<Record<string, unknown>>): InputReader {
    return new InputReader(this.input, { ...this.#value, ...members }, this.location);
  }

  /**
   * Returns the value of a field, or `undefined` if it is not given. Ignores inherited properties such as
   * `constructor`.
   */
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

  /** Reads a field that contains an input object. */
  object(name: string): InputReader {
    return new InputReader(this.input, this.given(name), this.location.member(name));
  }

  /** A reader for a field that contains an input object and is not given. */
  emptyObject(name: string): InputReader {
    return new InputReader(this.input, {}, this.location.member(name));
  }

  /**
   * Reads a field that contains a list of input objects. Returns an empty list if the field is absent. Null is reported
   * as an issue.
   */
  objects(name: string): readonly InputReader[] {
    const list = this.given(name);
    if (list === undefined) return [];
    if (list === null) {
      this.reportMember(name, issueTexts.notNull);
      return [];
    }
    if (!Array.isArray(list)) throw new Error('Expected a coerced list.');
    const location = this.location.member(name);
    return list.map((item, index) => new InputReader(this.input, item, location.member(index)));
  }

  /**
   * The value to store in a column. `undefined` if it is not given. Null if the value is null, or if it is invalid and
   * has been reported.
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

  /**
   * Reads `connect` or `create` of a to-one relation. Unless exactly one of them is given, reports an issue and returns
   * null.
   */
  connectOrCreate(): { readonly kind: 'connect' | 'create'; readonly reader: InputReader } | null {
    const kinds = (['connect', 'create'] as const).filter((kind) => this.has(kind));
    const [only, ...more] = kinds;
    if (only !== undefined && more.length === 0) return { kind: only, reader: this.object(only) };
    this.report('Specify exactly one of connect and create.');
    return null;
  }

  /** Whether the field is given, even if it is null. */
  gives({ name }: Pick<WritableColumn, 'name'>): boolean {
    return this.given(name) !== undefined;
  }

  /** Whether the field is given and not null. */
  has(name: string): boolean {
    return (this.given(name) ?? null) !== null;
  }

  /**
   * Reads this object as a `WhereUniqueInput` within `data`. The row is looked up if its key in the input does not contain
   * all the columns that are needed.
   *
   * @returns null if the object is invalid and has been reported
   */
  namedRow(
    table: WritableTable,
    needed: readonly string[],
    { isOptional }: Pick<NamedRow, 'isOptional'> = { isOptional: false },
  ): NamedRow | null {
    this.countRow();
    for (const [name, unique] of table.uniques) {
      if (this.given(name) === undefined) continue;
      const [only, ...more] = unique.columns;
      const values =
        only !== undefined && more.length === 0
          ? [this.#keyValue(only, name)]
          : unique.columns.map((column) => this.object(name).#keyValue(column));
      if (values.includes(null)) return null;
      const row = new NamedRow({ table, unique, values }, this.location, isOptional);
      if (!row.names(needed)) this.input.lookups.push(row);
      return row;
    }
    this.report('Identify the row by its id or another unique key.');
    return null;
  }

  /** Reads the value of a key column. Returns null if the value is invalid and has been reported. */
  #keyValue({ name, codec }: WritableColumn, member = name): unknown {
    const value = this.given(member);
    if (value !== null && value !== undefined) return this.#checked(codec.read(value), member);
    this.reportMember(member, 'The value of a key must not be null.');
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
