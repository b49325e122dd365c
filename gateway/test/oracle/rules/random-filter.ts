import { isInputObjectType, isListType, isNonNullType, type GraphQLInputType } from 'graphql';
import { columnsOfType, type ModelColumn } from '../../../src/engine/api/model-index.ts';
import type { ProjectApi } from '../../../src/engine/api/project-api.ts';
import type { JsonValue, ModelType, ValueType } from '../../../src/engine/sdl/model.ts';
import { literal } from '../document-writer.ts';
import { randomInput } from '../random-input.ts';
import type { KnownRows } from '../random-keys.ts';
import type { Tape } from '../tape.ts';
import { fieldType, whereType } from './literals.ts';

/** A claim of the random `@claims` type. */
export interface ClaimDraft {
  readonly name: string;
  readonly type: ValueType;
  readonly list: boolean;
}

/** What a random filter can refer to. */
export interface FilterPlace {
  /** The API of the model without rules. */
  readonly api: ProjectApi;
  readonly tape: Tape;
  readonly known: KnownRows;
  readonly userType: ModelType | null;
  readonly claims: readonly ClaimDraft[];
  /** The type of the row that the rule is about. */
  readonly owner: ModelType;
}

/** Where a part of a filter stands. */
interface Level {
  readonly type: ModelType;
  /** How many relations the part may go through. */
  readonly hops: number;
  /** How many combinations may be nested. */
  readonly depth: number;
  readonly inRelation: boolean;
}

/** The text of a random `RowFilter`. Few of them are invalid. */
export function randomFilter(place: FilterPlace, type: ModelType): string {
  return filterAt(place, {
    type,
    hops: place.tape.pick([1, 2, 1, 2, 3]),
    depth: 2,
    inRelation: false,
  });
}

function filterAt(place: FilterPlace, level: Level): string {
  const { tape } = place;
  const kinds = [
    ...['COLUMN', 'COLUMN'],
    ...(level.hops > 0 ? ['RELATION', 'RELATION', 'RELATION'] : []),
    ...(level.depth > 0 ? ['OR', 'AND', 'NOT'] : []),
    ...(level.inRelation ? ['COLUMN', 'CAN', 'EMPTY'] : []),
  ] as const;
  const deeper = { ...level, depth: level.depth - 1 };
  const both = () => [filterAt(place, deeper), filterAt(place, deeper)].join(', ');
  switch (tape.pick(kinds)) {
    case 'RELATION':
      return relationFilter(place, level);
    case 'OR':
      return `{ or: [${both()}] }`;
    case 'AND':
      return tape.oneIn(2) ? `{ and: [${both()}] }` : `{ and: ${filterAt(place, deeper)} }`;
    case 'NOT':
      return `{ not: ${filterAt(place, deeper)} }`;
    case 'CAN':
      return '{ _can: READ }';
    case 'EMPTY':
      return '{}';
    default:
      return `{ ${columnFilter(place, level)} }`;
  }
}

function relationFilter(place: FilterPlace, { type, hops, depth }: Level): string {
  const { api, tape } = place;
  const relations = type.fields.filter((field) => field.kind !== 'VALUE');
  if (relations.length === 0) return filterAt(place, { type, hops: 0, depth, inRelation: false });
  const field = tape.pick(relations);
  const target = api.index.type(field.target);
  const inner = () =>
    filterAt(place, { type: target, hops: hops - 1, depth: Math.min(depth, 1), inRelation: true });
  if (field.kind === 'TO_ONE') return `{ ${field.name}: ${inner()} }`;
  const quantifier = tape.pick(['some', 'some', 'none', 'every']);
  return `{ ${field.name}: { ${quantifier}: ${inner()} } }`;
}

function columnFilter(place: FilterPlace, { type, inRelation }: Level): string {
  const { api, tape, known } = place;
  const column = tape.pick(columnsOfType(type));
  const filter = fieldType(whereType(api, type), column.name);
  const compared = tape.oneIn(3) ? null : referenceFilter(place, column, { filter, inRelation });
  if (compared !== null) return `${column.name}: { ${compared} }`;
  const at = { index: api.index, tape, known, depth: 1, column: { of: type, column } };
  return `${column.name}: ${literal(filter, withoutOpenEscapes(randomInput(at, filter, column.name)))}`;
}

/** A pattern that ends in a backslash is an error. */
function withoutOpenEscapes(filter: JsonValue): JsonValue {
  return Object.fromEntries(
    Object.entries(filter ?? {}).map(([name, value]: [string, JsonValue]) => [
      name,
      /^i?like$/.test(name) && value === '\\' ? 'a%' : value,
    ]),
  );
}

const referenceOperators = [
  ...['eq', 'eq', 'eq', 'neq', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'has', 'hasSome'],
];

interface Operand {
  readonly text: string;
  readonly type: ValueType;
  readonly list: boolean;
}

/** Compares a column with a reference of its type. Null if there is none. */
function referenceFilter(
  place: FilterPlace,
  column: ModelColumn,
  { filter, inRelation }: { readonly filter: GraphQLInputType; readonly inRelation: boolean },
): string | null {
  const of: GraphQLInputType = isNonNullType(filter) ? filter.ofType : filter;
  if (!isInputObjectType(of)) throw new Error('A column has a filter object.');
  const known = of.getFields();
  const pairs = referenceOperators.flatMap((operator) => {
    const operand = known[operator]?.type;
    if (operand === undefined) return [];
    const list = isListType(isNonNullType(operand) ? operand.ofType : operand);
    return referencesOf(place, column.type, list, inRelation).map(
      (text) => `${operator}: "${text}"`,
    );
  });
  return pairs.length === 0 ? null : place.tape.pick(pairs);
}

function referencesOf(
  place: FilterPlace,
  type: ValueType,
  list: boolean,
  inRelation: boolean,
): readonly string[] {
  const { tape } = place;
  const found = operandsIn(place, inRelation)
    .filter((operand) => operand.list === list && nameOf(operand.type) === nameOf(type))
    .map(({ text }) => text);
  const isTime = !list && (type.name === 'DateTime' || type.name === 'Date');
  const all = [...found, ...(isTime ? ['$now', '$now'] : [])];
  // A few of each operator, so that operators with many references are not the only ones.
  return tape.subset(all, 6);
}

function operandsIn(
  { userType, claims, owner }: FilterPlace,
  inRelation: boolean,
): readonly Operand[] {
  const columns = (type: ModelType, name: string) =>
    columnsOfType(type)
      .filter(({ list }) => !list)
      .map((column) => ({ text: `$${name}.${column.name}`, type: column.type, list: false }));
  return [
    ...(userType === null ? [] : columns(userType, 'user')),
    ...claims.map(({ name, ...of }) => ({ text: `$claims.${name}`, ...of })),
    ...(inRelation ? columns(owner, 'row') : []),
  ];
}

/** IDs and UUIDs have the same values. */
function nameOf({ name }: ValueType): string {
  return name === 'ID' ? 'UUID' : name;
}
