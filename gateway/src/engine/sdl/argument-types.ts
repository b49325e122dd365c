import { Kind, type ConstValueNode } from 'graphql';
import {
  accessOperations,
  audiences,
  presetOperations,
  type AccessOperation,
  type Audience,
  type PresetOperation,
} from './access-model.ts';
import type { OnDelete, StringFormat, ValueGenerator } from './model.ts';

interface ArgumentType {
  /** A description of valid values, for hints. */
  readonly expected: string;
  /** The GraphQL type in the published definitions. */
  readonly type: string;
  /** Returns the value, or null for a literal of another type. */
  readonly read: (node: ConstValueNode) => unknown;
}

export const argumentTypes = {
  NAME: {
    type: 'String',
    expected: 'a name in quotes, such as "issues"',
    read: readName,
  },
  NAMES: {
    type: '[String!]',
    expected: 'a list of names in quotes, such as ["board", "number"]',
    read: readNames,
  },
  /** A single name is a list with one item, as in GraphQL. */
  NAME_OR_NAMES: {
    type: '[String!]',
    expected: 'a name in quotes, or a list of them, such as "userId" or ["shelfId", "itemId"]',
    read: (node) => {
      const name = readName(node);
      return name === null ? readNames(node) : [name];
    },
  },
  /** A type, or a list of a many-to-many relation that becomes a type. */
  TYPE_OR_LIST: {
    type: 'String',
    expected: 'a name in quotes, such as "Issue", or a list of a relation, such as "Event.hosts"',
    read: (node) =>
      node.kind === Kind.STRING && /^[_A-Za-z]\w*(?:\.[_A-Za-z]\w*)?$/.test(node.value)
        ? node.value
        : null,
  },
  TEXT: {
    type: 'String',
    expected: 'a string in quotes',
    read: (node) => (node.kind === Kind.STRING ? node.value : null),
  },
  INT: {
    type: 'Int',
    expected: 'a whole number from 0 to 2147483647',
    read: readLength,
  },
  /** The value is read as text, so that no precision is lost. */
  NUMBER: {
    type: 'Decimal',
    expected: 'a number, in quotes if it has more than 15 digits',
    read: (node) =>
      node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.STRING
        ? node.value
        : null,
  },
  /** The node itself is returned, because its value is read later, when the field's type is known. */
  VALUE: { type: 'JSON', expected: 'a value', read: (node) => node },
  ON_DELETE: oneOf<OnDelete>('OnDelete', 'RESTRICT', 'CASCADE', 'SET_NULL'),
  KEY_GENERATOR: oneOf<KeyGenerator>('KeyGenerator', 'NONE', 'CUID', 'NANOID', 'UUID'),
  GENERATOR: oneOf<DefaultGenerator>('Generator', 'NOW', 'UUID', 'CUID', 'NANOID'),
  FORMAT: oneOf<StringFormat>('StringFormat', 'EMAIL', 'URL', 'SLUG', 'PHONE', 'HEX_COLOR'),
  AUDIENCE: oneOf<Audience>('Audience', ...audiences),
  ACCESS_OPERATIONS: someOf<AccessOperation>('[AccessOperation!]', ...accessOperations),
  PRESET_OPERATIONS: someOf<PresetOperation>('[PresetOperation!]!', ...presetOperations),
  // Filters and presets are read later as well, when the model is known.
  ROW_FILTER: { type: 'RowFilter', expected: 'a filter in braces', read: (node) => node },
  CLAIM_FILTER: { type: 'ClaimFilter', expected: 'a filter in braces', read: (node) => node },
  PRESET_VALUE: { type: 'PresetValue', expected: 'a value', read: (node) => node },
} as const satisfies Readonly<Record<string, ArgumentType>>;

/** `NONE`: the caller brings the key. */
type KeyGenerator = Exclude<ValueGenerator, 'SEQUENCE' | 'NOW'> | 'NONE';

/** How a default is made for each new row. */
export type DefaultGenerator = Exclude<ValueGenerator, 'SEQUENCE'>;

/** The enums of arguments, with their values. */
export const argumentEnums: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(argumentTypes).flatMap((type) =>
    'names' in type ? [[type.type.replace(/\W/g, ''), type.names] as const] : [],
  ),
);

/** The scalars of arguments that are literals of several kinds. */
export const argumentScalars = {
  RowFilter:
    "Conditions on a row, with the fields, relations and operators of the API's `where`. A text that begins with `$` is a reference, such as `$user.id`.",
  ClaimFilter: 'Conditions on the claims of the token of the caller.',
  PresetValue: 'A value of the type of the field, or a reference such as `$user.id`.',
} as const;

/** The GraphQL type of an argument in the published definitions. */
export function graphqlTypeOf(type: ArgumentTypeName): string {
  return argumentTypes[type].type;
}

export type ArgumentTypeName = keyof typeof argumentTypes;

function readName(node: ConstValueNode): string | null {
  if (node.kind !== Kind.STRING) return null;
  return /^[_A-Za-z][_0-9A-Za-z]*$/.test(node.value) ? node.value : null;
}

function readNames(node: ConstValueNode): readonly string[] | null {
  if (node.kind !== Kind.LIST || node.values.length === 0) return null;
  const names = node.values.flatMap((item) => readName(item) ?? []);
  return names.length === node.values.length ? names : null;
}

function readLength(node: ConstValueNode): number | null {
  if (node.kind !== Kind.INT) return null;
  const value = Number(node.value);
  return value >= 0 && value <= 2_147_483_647 ? value : null;
}

function oneOf<Name extends string>(type: string, ...names: readonly Name[]) {
  return {
    type,
    names,
    expected: `one of ${names.join(', ')}`,
    read: (node: ConstValueNode): Name | null =>
      node.kind === Kind.ENUM ? (names.find((name) => name === node.value) ?? null) : null,
  };
}

/** A list of names. A single name is a list with one item, as in GraphQL. */
function someOf<Name extends string>(type: string, ...names: readonly Name[]) {
  const single = oneOf(type, ...names);
  return {
    ...single,
    expected: `a list of ${names.join(', ')}`,
    read: (node: ConstValueNode): readonly Name[] | null => {
      const items = node.kind === Kind.LIST ? node.values : [node];
      const read = items.flatMap((item) => single.read(item) ?? []);
      return read.length === items.length ? read : null;
    },
  };
}
