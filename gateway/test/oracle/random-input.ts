import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import type { ModelIndex } from '../../src/engine/api/model-index.ts';
import type { JsonValue, ModelType } from '../../src/engine/sdl/model.ts';
import { idNumber, samples } from './random-data.ts';
import type { Tape } from './tape.ts';

/** Where a value stands: ids are chosen from those of a type, patterns by the operator. */
interface Place {
  readonly index: ModelIndex;
  readonly tape: Tape;
  /** The type that `ID` is of here. */
  readonly ids: ModelType;
  readonly depth: number;
}

/** More ways of writing what `samples` holds, and values that no row has. */
const operands: Readonly<Record<string, readonly JsonValue[]>> = {
  ...samples,
  DateTime: [
    ...(samples['DateTime'] ?? []),
    '2024-02-29T14:00:00+02:00',
    '2024-02-29T12:00:00.50Z',
  ],
  UUID: [...(samples['UUID'] ?? []), '00000000-0000-4000-8000-00000000000A'],
  BigInt: [...(samples['BigInt'] ?? []), 1],
  Decimal: [...(samples['Decimal'] ?? []), '1.50', 0.1],
  JSON: [...(samples['JSON'] ?? []), { a: {} }, { a: { b: [2] } }, [{}], ['a']],
};

const patterns = ['', '%', 'a%', '%b', '_', 'A_', '%\\%', '\\_', '\\\\', 'É', '%é%', 'a', '\\'];
const parts = ['', 'a', 'b', 'B', '%', '_', '\\', 'é', 'É', 'ab'];

/** A value of an input type, valid by the contract but for patterns that end early. */
export function randomInput(place: Place, type: GraphQLInputType, name: string): JsonValue {
  const { tape } = place;
  if (isNonNullType(type)) return randomInput(place, type.ofType, name);
  if (isListType(type)) return tape.list(3, () => randomInput(place, type.ofType, name));
  if (isInputObjectType(type)) return randomObject(place, type);
  if (isEnumType(type)) return tape.pick(type.getValues()).name;
  if (type.name === 'ID') return randomId(place);
  if (type.name === 'String') return tape.pick(textsOf(name));
  return tape.pick(operands[type.name] ?? []);
}

/** Of a row that is there or, in small tables, is not. */
export function randomId({ index, tape, ids }: Place): string {
  const id = idNumber(index, ids, 1 + tape.below(7));
  return tape.oneIn(8) ? id.toUpperCase() : id;
}

function textsOf(operator: string): readonly string[] {
  switch (operator) {
    case 'like':
    case 'ilike':
      return patterns;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'hasKey':
      return parts;
    default:
      return (samples['String'] ?? []).map(String);
  }
}

function randomObject(place: Place, type: GraphQLInputObjectType): JsonValue {
  const fields = Object.values(type.getFields());
  const owner = ownerOf(place.index, type);
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
  // Of a unique key of several fields, all.
  if (fields.every((field) => isNonNullType(field.type))) return fields;
  if (type.isOneOf || type.name.endsWith('OrderByInput')) {
    const flat = fields.filter((field) => type.isOneOf || isEnumType(field.type));
    return [tape.pick(depth > 0 ? fields : flat)];
  }
  if (type.name.endsWith('WhereInput')) {
    const deep = (field: GraphQLInputField) => /WhereInput/.test(String(field.type));
    const usable = fields.filter((field) => depth > 0 || !deep(field));
    if (usable.length === 0) return [];
    // Rarely nothing, which everything matches.
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
  const key = index.keyOf(owner, name);
  const field = index.field(owner, name);
  const target = key?.target ?? (field?.kind === 'VALUE' ? undefined : field?.target);
  return {
    ...place,
    ids: target === undefined ? owner : index.type(target),
    depth: depth - 1,
  };
}

/** The model type that an input type is about: the name of one begins with the name of the other. */
function ownerOf(index: ModelIndex, { name }: GraphQLInputObjectType): ModelType | null {
  return index.model.types.find((type) => name.startsWith(type.name)) ?? null;
}
