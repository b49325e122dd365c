import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import { ExactNumber } from '../../src/graphql/exact-number.ts';
import { isFilterOperator, type FilterOperator } from '../../src/engine/api/filter-operators.ts';
import { isOwningSide, type ModelIndex } from '../../src/engine/api/model-index.ts';
import type { JsonValue, ModelType, ToManyField, ToOneField } from '../../src/engine/sdl/model.ts';
import { assertNever } from '../../src/platform/assert-never.ts';
import { idNumber, isSampled, samples } from './random-data.ts';
import type { Tape } from './tape.ts';

/** A value's context, which determines the type that an id refers to and whether the value is a pattern. */
export interface Place {
  readonly index: ModelIndex;
  readonly tape: Tape;
  /** The type to which `ID` values refer. */
  readonly ids: ModelType;
  readonly depth: number;
  readonly newIds: NewIds;
  /** The field whose key is set by the enclosing row. A nested row omits this field. */
  readonly implied?: string;
}

/**
 * Generates explicit ids for mutations, so that both sides create rows with the same ids. Later operations can refer to
 * these rows.
 */
export class NewIds {
  #next = 20;
  /** The highest number that an earlier operation might have used. */
  #known = 19;

  next(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  beginOperation(): void {
    this.#known = this.#next - 1;
  }

  /** Returns the number of an initial row or of a row that might have been created later. */
  some(tape: Tape): number {
    const made = this.#known - 19;
    return made > 0 && tape.oneIn(3) ? 20 + tape.below(made) : 1 + tape.below(7);
  }
}

/** Contains the values in `samples`, the same values in other notations, and values that no row has. */
const operands: typeof samples = {
  ...samples,
  DateTime: [...samples.DateTime, '2024-02-29T14:00:00+02:00', '2024-02-29T12:00:00.50Z'],
  Time: [...samples.Time, '18:30:00.500000', '12:00:00'],
  Bytes: [...samples.Bytes, '/w=='],
  UUID: [...samples.UUID, '00000000-0000-4000-8000-00000000000A'],
  BigInt: [...samples.BigInt, 1],
  Decimal: [...samples.Decimal, '1.50', 0.1, new ExactNumber('12345678901234567890.123456789')],
  JSON: [
    ...samples.JSON,
    { a: {} },
    { a: { b: [2] } },
    [{}],
    ['a'],
    [new ExactNumber('750727362669608961')],
  ],
};

const patterns = ['', '%', 'a%', '%b', '_', 'A_', '%\\%', '\\_', '\\\\', 'É', '%é%', 'a', '\\'];
const texts = samples.String.map(String);
const parts = ['', 'a', 'b', 'B', '%', '_', '\\', 'é', 'É', 'ab'];

/** Generates a value of an input type. It is valid except for incomplete patterns. */
export function randomInput(place: Place, type: GraphQLInputType, name: string): JsonValue {
  const { tape } = place;
  if (isNonNullType(type)) return randomInput(place, type.ofType, name);
  if (isListType(type)) return tape.list(3, () => randomInput(place, type.ofType, name));
  if (isInputObjectType(type)) return randomObject(place, type);
  if (isEnumType(type)) return tape.pick(type.getValues()).name;
  if (type.name === 'ID') return randomId(place);
  if (type.name === 'String') return tape.pick(isFilterOperator(name) ? textsOf(name) : texts);
  return tape.pick(isSampled(type.name) ? operands[type.name] : []);
}

/** Returns the id of a row, which might not exist in a small table. */
function randomId({ index, tape, ids, newIds }: Place): string {
  const id = idNumber(index, ids, newIds.some(tape));
  return tape.oneIn(8) ? id.toUpperCase() : id;
}

function textsOf(operator: FilterOperator): readonly string[] {
  switch (operator) {
    case 'like':
    case 'ilike':
      return patterns;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'hasKey':
      return parts;
    case 'eq':
    case 'neq':
    case 'in':
    case 'notIn':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
    case 'has':
    case 'hasSome':
    case 'hasEvery':
    case 'isNull':
    case 'isEmpty':
    case 'mode':
      return texts;
    default:
      return assertNever(operator);
  }
}

function randomObject(place: Place, type: GraphQLInputObjectType): JsonValue {
  const fields = Object.values(type.getFields());
  const owner = ownerOf(place.index, type);
  if (owner !== null && isWriteInput(type)) return randomWriteInput(place, type, owner);
  const one = (field: GraphQLInputField): readonly [string, JsonValue] => [
    field.name,
    randomInput(within(place, owner, field), field.type, field.name),
  ];
  return Object.fromEntries(chosenFields(place, type, fields).map(one));
}

function chosenFields(
  { tape, depth }: Place,
  type: GraphQLInputObjectType,
  fields: readonly GraphQLInputField[],
): readonly GraphQLInputField[] {
  // A composite unique key needs all of its fields.
  if (fields.every((field) => isNonNullType(field.type))) return fields;
  if (type.isOneOf || type.name.endsWith('OrderByInput')) {
    const flat = fields.filter((field) => type.isOneOf || isEnumType(field.type));
    return [tape.pick(depth > 0 ? fields : flat)];
  }
  if (type.name.endsWith('WhereInput')) {
    const deep = (field: GraphQLInputField) => /WhereInput/.test(String(field.type));
    const usable = fields.filter((field) => depth > 0 || !deep(field));
    if (usable.length === 0) return [];
    // The filter is rarely empty. An empty filter matches everything.
    const count = tape.pick([1, 1, 1, 2, 2, 0]);
    return distinct(Array.from({ length: count }, () => tape.pick(usable)));
  }
  const operators = fields.filter(({ name }) => name !== 'mode');
  const chosen = distinct([tape.pick(operators), ...(tape.oneIn(5) ? [tape.pick(operators)] : [])]);
  const mode = fields.find(({ name }) => name === 'mode');
  return mode !== undefined && tape.oneIn(3) ? [...chosen, mode] : chosen;
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}

function within(place: Place, owner: ModelType | null, { name }: GraphQLInputField): Place {
  const { index, depth } = place;
  if (owner === null) return place;
  const field = index.column(owner, name)?.field ?? index.field(owner, name);
  const target = field === null || field.kind === 'VALUE' ? undefined : field.target;
  return {
    ...place,
    ids: target === undefined ? owner : index.type(target),
    depth: depth - 1,
  };
}

/** Returns the model to which an input type belongs. The input type's name starts with the model's name. */
function ownerOf(index: ModelIndex, { name }: GraphQLInputObjectType): ModelType | null {
  return index.model.types.find((type) => name.startsWith(type.name)) ?? null;
}

/** Mutation inputs have explicit ids, so that the rows on both sides can be compared. */

function isWriteInput({ name }: GraphQLInputObjectType): boolean {
  return /(?:Create|Update)Input$/.test(name);
}

function randomWriteInput(place: Place, type: GraphQLInputObjectType, owner: ModelType): JsonValue {
  const fields = Object.values(type.getFields());
  if (type.name.endsWith('NestedCreateInput') || type.name.endsWith('NestedUpdateInput')) {
    return nestedOf(place, fields, 1);
  }
  if (/NestedList(?:Create|Update)Input$/.test(type.name)) {
    return nestedOf(place, fields, place.tape.oneIn(4) ? 2 : 1);
  }
  return type.name.endsWith('CreateInput')
    ? newRow(place, fields, owner)
    : changes(place, fields, owner);
}

/** Chooses one of `connect`, `create` and so on, or several of them for a list. */
function nestedOf(place: Place, fields: readonly GraphQLInputField[], count: number): JsonValue {
  const chosen = Array.from({ length: count }, () => place.tape.pick(fields));
  return Object.fromEntries(
    chosen.map(({ name, type }) => {
      if (name === 'disconnect' && !isListType(type)) return [name, !place.tape.oneIn(10)];
      return [name, randomInput(place, type, name)];
    }),
  );
}

function newRow(
  { implied, ...place }: Place,
  fields: readonly GraphQLInputField[],
  owner: ModelType,
): JsonValue {
  const { index, tape } = place;
  const relationOf = (name: string) => {
    const field = index.column(owner, name)?.field ?? index.field(owner, name);
    return field === null || field.kind === 'VALUE' ? null : field;
  };
  const relations = new Set(
    fields.flatMap(({ name }) => relationOf(name) ?? []).filter(({ name }) => name !== implied),
  );
  const values = fields
    .filter(({ name, type }) => {
      const isGiven = name === (owner.key.fields[0] ?? '') || isNonNullType(type);
      return relationOf(name) === null && (isGiven || tape.oneIn(2));
    })
    .map((field) => [field.name, valueFor(place, owner, field)] as const);
  const links = [...relations].flatMap((relation) => linkFor(place, fields, owner, relation));
  return Object.fromEntries([...values, ...links]);
}

/**
 * Sets a relation by its key or by a nested input. Setting both, or neither if one is required, is an error and
 * therefore rare.
 */
function linkFor(
  place: Place,
  fields: readonly GraphQLInputField[],
  owner: ModelType,
  relation: ToOneField | ToManyField,
): readonly (readonly [string, JsonValue])[] {
  const { tape, depth } = place;
  const key = isOwningSide(relation)
    ? fields.find(({ name }) => name === relation.key[0].name)
    : undefined;
  const nested = depth > 0 ? fields.find(({ name }) => name === relation.name) : undefined;
  const isNeeded = isOwningSide(relation) && relation.required;
  if (!isNeeded && !tape.oneIn(3)) return [];
  const ways = [key, nested].filter((way) => way !== undefined);
  if (ways.length === 0) return [];
  const chosen = tape.oneIn(60) ? ways : [tape.pick(ways)];
  return chosen.map((field) => [field.name, valueFor(place, owner, field)] as const);
}

function changes(place: Place, fields: readonly GraphQLInputField[], owner: ModelType): JsonValue {
  const { index, tape, depth } = place;
  const isNested = ({ name }: GraphQLInputField) =>
    (index.field(owner, name)?.kind ?? 'VALUE') !== 'VALUE';
  const usable = fields.filter((field) => depth > 0 || !isNested(field));
  if (usable.length === 0) return {};
  const chosen = new Set(Array.from({ length: tape.pick([1, 2, 3, 0]) }, () => tape.pick(usable)));
  return Object.fromEntries(
    [...chosen].map((field) => [field.name, valueFor(place, owner, field)]),
  );
}

function valueFor(place: Place, owner: ModelType, field: GraphQLInputField): JsonValue {
  const { index, tape, newIds } = place;
  const { name, type } = field;
  if (name === (owner.key.fields[0] ?? '')) {
    // In rare cases, the id already exists.
    return idNumber(index, owner, tape.oneIn(15) ? 1 + tape.below(7) : newIds.next());
  }
  const isValue = index.column(owner, name) !== null;
  if (isValue && !isNonNullType(type) && tape.oneIn(mayBeNull(index.field(owner, name)) ? 6 : 40)) {
    return null;
  }
  return randomInput(
    { ...within(place, owner, field), ...impliedBy(place, owner, name) },
    type,
    name,
  );
}

function mayBeNull(field: ReturnType<Place['index']['field']>): boolean {
  return field === null || field.kind !== 'VALUE' || !field.required;
}

/** Returns the nested row's field whose key the enclosing row sets. */
function impliedBy({ index }: Place, owner: ModelType, name: string): Pick<Place, 'implied'> {
  const field = index.field(owner, name);
  if (field === null || field.kind === 'VALUE' || isOwningSide(field)) return {};
  const relation = index.relation(field.relation);
  return relation.kind === 'JOIN_TABLE' ? {} : { implied: relation.owningSide.field };
}
