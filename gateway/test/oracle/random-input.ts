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
import {
  isInKey,
  isOwningSide,
  type ModelColumn,
  type ModelIndex,
  type OwningSideField,
} from '../../src/engine/api/model-index.ts';
import type { JsonValue, ModelType, ToManyField, ToOneField } from '../../src/engine/sdl/model.ts';
import { assertNever } from '../../src/platform/assert-never.ts';
import { namesOf } from './keys.ts';
import {
  isIdentifying,
  keyValue,
  knownReference,
  originOf,
  type KnownRows,
} from './random-keys.ts';
import { isSampled, samples } from './samples.ts';
import type { Tape } from './tape.ts';
import { asText } from './values.ts';

/** A value's context, which determines which row's key it can be and whether it is a pattern. */
export interface Place {
  readonly index: ModelIndex;
  readonly tape: Tape;
  readonly known: KnownRows;
  readonly depth: number;
  /** The column that the value is compared with or written to. */
  readonly column?: { readonly of: ModelType; readonly column: ModelColumn } | undefined;
  /** The field whose key is set by the enclosing row. A nested row omits this field. */
  readonly implied?: string;
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
  if (isEnumType(type)) return randomKey(place, type.name) ?? tape.pick(type.getValues()).name;
  const key = isPattern(name) ? null : randomKey(place, type.name);
  if (key !== null) return key;
  if (type.name === 'String') return tape.pick(isFilterOperator(name) ? textsOf(name) : texts);
  return tape.pick(isSampled(type.name) ? operands[type.name] : []);
}

function isPattern(name: string): boolean {
  return isFilterOperator(name) && textsOf(name) !== texts;
}

/** Returns the key of a row, which might not exist. Null if the value does not belong to a key. */
function randomKey({ index, tape, column: at, known }: Place, scalar: string): JsonValue {
  if (at === undefined || at.column.type.name !== scalar || !isIdentifying(at.of, at.column)) {
    return null;
  }
  const value = tape.oneIn(2) ? (known.row(at.of, tape)?.[at.column.name] ?? null) : null;
  if (value !== null) return value;
  const origin = originOf(index, at.of, at.column);
  if (origin.field.role !== 'ID') return null;
  const key = keyValue(index, origin, known.some(tape), tape);
  const isUuid = scalar === 'ID' || scalar === 'UUID';
  return isUuid && tape.oneIn(8) ? asText(key).toUpperCase() : key;
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
  const { tape, known } = place;
  const one = (field: GraphQLInputField): readonly [string, JsonValue] => [
    field.name,
    randomInput(within(place, owner, field), field.type, field.name),
  ];
  const values = Object.fromEntries(chosenFields(place, type, fields).map(one));
  const isKey = owner !== null && fields.every((field) => isNonNullType(field.type));
  const row = isKey && !tape.oneIn(4) ? known.row(owner, tape) : null;
  if (row === null) return values;
  // The values of a key of several fields are usually those of one row.
  const ofRow = fields.map(({ name }) => [name, row[name] ?? values[name] ?? null] as const);
  return Object.fromEntries(ofRow);
}

function chosenFields(
  { index, tape, depth }: Place,
  type: GraphQLInputObjectType,
  fields: readonly GraphQLInputField[],
): readonly GraphQLInputField[] {
  const owner = ownerOf(index, type);
  // A composite unique key needs all of its fields.
  if (fields.every((field) => isNonNullType(field.type))) return fields;
  if (type.isOneOf || type.name.endsWith('OrderByInput')) {
    const flat = fields.filter((field) => type.isOneOf || isEnumType(field.type));
    // A type can have no other fields than relations. The relations of keys do not form cycles.
    const key = fields.filter(({ name }) => owner?.key.fields.includes(name));
    const usable = depth > 0 ? fields : flat.length > 0 ? flat : key;
    return usable.length === 0 ? [] : [tape.pick(usable)];
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

function within(
  place: Place,
  owner: ModelType | null,
  { name }: Pick<GraphQLInputField, 'name'>,
): Place {
  const { index, depth } = place;
  if (owner === null) return place;
  const column = index.column(owner, name);
  return {
    ...place,
    column: column === null ? undefined : { of: owner, column },
    depth: depth - 1,
  };
}

/** Returns the model to which an input type belongs. The input type's name starts with the model's name. */
function ownerOf(index: ModelIndex, { name }: GraphQLInputObjectType): ModelType | null {
  return index.model.types.find((type) => name.startsWith(type.name)) ?? null;
}

/** Mutation inputs have explicit keys except for numbers, so that the rows on both sides can be compared. */
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
      const isGiven = isGivenKey(place, owner, name) || isNonNullType(type);
      return relationOf(name) === null && (isGiven || tape.oneIn(2));
    })
    .map((field) => [field.name, valueFor(place, owner, field)] as const);
  const links = [...relations].flatMap((relation) => linkFor(place, fields, owner, relation));
  return Object.fromEntries([...values, ...links]);
}

/** Numbers of a sequence are often drawn. Other keys are given, because both sides would generate different ones. */
function isGivenKey({ index, tape }: Place, owner: ModelType, name: string): boolean {
  const field = index.field(owner, name);
  if (field?.kind !== 'VALUE' || !isInKey(owner, field)) return false;
  return field.generate !== 'SEQUENCE' || tape.oneIn(2);
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
  const nested = depth > 0 ? fields.find(({ name }) => name === relation.name) : undefined;
  const isNeeded = isOwningSide(relation) && relation.required;
  if (!isNeeded && !tape.oneIn(3)) return [];
  const ways = [
    ...(isOwningSide(relation) ? ['KEY' as const] : []),
    ...(nested === undefined ? [] : [nested]),
  ];
  if (ways.length === 0) return [];
  const chosen = tape.oneIn(60) ? ways : [tape.pick(ways)];
  return chosen.flatMap((way) => {
    if (way !== 'KEY') return [[way.name, valueFor(place, owner, way)] as const];
    return isOwningSide(relation) ? foreignKeyFor(place, fields, owner, relation) : [];
  });
}

/** The columns of a foreign key, which are set together. In rare cases, one of them is left out, which is an error. */
function foreignKeyFor(
  place: Place,
  fields: readonly GraphQLInputField[],
  owner: ModelType,
  relation: OwningSideField,
): readonly (readonly [string, JsonValue])[] {
  const { index, tape, known } = place;
  const target = index.type(relation.target);
  const row = tape.oneIn(4)
    ? null
    : knownReference(index, owner, relation, () => known.row(target, tape));
  const isNull = tape.oneIn(relation.required ? 40 : 6);
  const values = fields
    .filter(({ name }) => namesOf(relation).includes(name))
    .map(({ name, type }): readonly [string, JsonValue] => {
      if (isNull) return [name, null];
      const other = () => randomInput(within(place, owner, { name }), type, name);
      return [name, row?.[name] ?? other()];
    });
  return values.length > 1 && tape.oneIn(30) ? values.slice(1) : values;
}

function changes(place: Place, fields: readonly GraphQLInputField[], owner: ModelType): JsonValue {
  const { index, tape, depth } = place;
  const isNested = ({ name }: GraphQLInputField) =>
    (index.field(owner, name)?.kind ?? 'VALUE') !== 'VALUE';
  const usable = fields.filter((field) => depth > 0 || !isNested(field));
  if (usable.length === 0) return {};
  const chosen = new Set(Array.from({ length: tape.pick([1, 2, 3, 0]) }, () => tape.pick(usable)));
  return Object.fromEntries(
    [...chosen].flatMap((field) => {
      const of = index.column(owner, field.name)?.field;
      if (of?.kind === 'TO_ONE') return foreignKeyFor(place, fields, owner, of);
      return [[field.name, valueFor(place, owner, field)] as const];
    }),
  );
}

function valueFor(place: Place, owner: ModelType, field: GraphQLInputField): JsonValue {
  const { index, tape, known } = place;
  const { name, type } = field;
  const own = index.field(owner, name);
  if (own?.kind === 'VALUE' && isInKey(owner, own)) {
    // In rare cases, the key already exists.
    const number = tape.oneIn(15) ? 1 + tape.below(7) : known.next();
    return keyValue(index, { type: owner, field: own }, number, tape);
  }
  const isValue = index.column(owner, name) !== null;
  if (isValue && !isNonNullType(type) && tape.oneIn(mayBeNull(own) ? 6 : 40)) return null;
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
