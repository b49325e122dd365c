import type { ScalarName } from '../sdl/model.ts';

/**
 * The kind of operand that a filter operator takes. `FLAG` and `MODE` operands are structural: the SQL depends on them,
 * so they are part of the plan key. All others are parameters of the statement.
 */
export type OperandKind =
  /** A value of the field's type or, for a list, of its item type. */
  | 'VALUE'
  /** A list of values, each of the type that `VALUE` has. */
  | 'VALUES'
  | 'TEXT'
  | 'FLAG'
  | 'MODE';

export interface Operator {
  readonly operand: OperandKind;
  readonly description: string;
}

const isNull = {
  operand: 'FLAG',
  description: 'If true, the value is null. If false, it is not null.',
} as const;

/**
 * All filter operators, in the order in which the generated input types list them. A new operator needs an entry here
 * and its SQL in queries/filter-sql.ts, which does not compile without it.
 */
export const filterOperators = {
  EQUALITY: {
    eq: { operand: 'VALUE', description: 'Equal to this value.' },
    neq: { operand: 'VALUE', description: 'Not equal to this value. Does not match null.' },
    in: { operand: 'VALUES', description: 'One of these values. An empty list matches nothing.' },
    notIn: { operand: 'VALUES', description: 'None of these values. Does not match null.' },
    isNull,
  },
  ORDER: {
    lt: { operand: 'VALUE', description: 'Less than this value.' },
    lte: { operand: 'VALUE', description: 'Less than or equal to this value.' },
    gt: { operand: 'VALUE', description: 'Greater than this value.' },
    gte: { operand: 'VALUE', description: 'Greater than or equal to this value.' },
  },
  TEXT: {
    contains: {
      operand: 'TEXT',
      description: 'Contains this text. `%` and `_` are not wildcards.',
    },
    startsWith: {
      operand: 'TEXT',
      description: 'Starts with this text. `%` and `_` are not wildcards.',
    },
    endsWith: {
      operand: 'TEXT',
      description: 'Ends with this text. `%` and `_` are not wildcards.',
    },
    like: {
      operand: 'TEXT',
      description:
        'The whole text matches this pattern. `%` matches any sequence of characters, `_` matches one character, and `\\` escapes the next character.',
    },
    ilike: {
      operand: 'TEXT',
      description: 'Like `like`, but case-insensitive.',
    },
    mode: {
      operand: 'MODE',
      description:
        'How `eq`, `neq`, `in`, `notIn`, `contains`, `startsWith`, `endsWith` and `like` compare text in this filter. Default: `DEFAULT`.',
    },
  },
  JSON: {
    eq: {
      operand: 'VALUE',
      description: 'Equal to this JSON value. The order of keys does not matter.',
    },
    contains: {
      operand: 'VALUE',
      description:
        'Contains this JSON value: all keys of an object with their values, or all items of a list.',
    },
    hasKey: { operand: 'TEXT', description: 'An object with this key at the top level.' },
    isNull,
  },
  LIST: {
    eq: { operand: 'VALUES', description: 'The same items in the same order.' },
    has: { operand: 'VALUE', description: 'Contains this item.' },
    hasSome: { operand: 'VALUES', description: 'Contains at least one of these items.' },
    hasEvery: { operand: 'VALUES', description: 'Contains all of these items.' },
    isEmpty: {
      operand: 'FLAG',
      description: 'If true, the list has no items. If false, it has at least one item.',
    },
    isNull,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Operator>>>>;

type Groups = typeof filterOperators;
export type OperatorGroup = keyof Groups;

const ordered = ['EQUALITY', 'ORDER'] as const;

/** The operators for a single value of each scalar. */
export const operatorsOfScalar: Readonly<Record<ScalarName, readonly OperatorGroup[]>> = {
  ID: ordered,
  UUID: ordered,
  Int: ordered,
  Float: ordered,
  BigInt: ordered,
  Decimal: ordered,
  DateTime: ordered,
  Date: ordered,
  Time: ordered,
  Bytes: ordered,
  String: ['EQUALITY', 'ORDER', 'TEXT'],
  Boolean: ['EQUALITY'],
  JSON: ['JSON'],
};

/** The operators for a single enum value. Enum values have no `lt` or `gt`. */
export const operatorsOfEnum: readonly OperatorGroup[] = ['EQUALITY'];

export const operatorsOfList: readonly OperatorGroup[] = ['LIST'];

type OperatorIn<G extends OperatorGroup, O extends OperandKind> = {
  [N in keyof Groups[G]]: Groups[G][N] extends { readonly operand: O } ? N : never;
}[keyof Groups[G]];
type OperatorWith<O extends OperandKind> = {
  [G in OperatorGroup]: OperatorIn<G, O>;
}[OperatorGroup];

export type StructuralOperator = OperatorWith<'FLAG' | 'MODE'>;
/** An operator whose operand is a parameter of the statement. */
export type ValueOperator = OperatorWith<'VALUE' | 'VALUES' | 'TEXT'>;
export type FilterOperator = StructuralOperator | ValueOperator;

const operands: ReadonlyMap<string, OperandKind> = new Map(
  Object.values(filterOperators).flatMap((group) =>
    Object.entries<Operator>(group).map(([name, { operand }]) => [name, operand] as const),
  ),
);

export function isFilterOperator(name: string): name is FilterOperator {
  return operands.has(name);
}

export function isStructuralOperator(name: string): name is StructuralOperator {
  const operand = operands.get(name);
  return operand === 'FLAG' || operand === 'MODE';
}

/** The quantifiers of a filter on a list relation, with their descriptions. */
export const quantifiers = {
  some: 'At least one row matches.',
  every: 'All rows match. An empty list matches.',
  none: 'No row matches.',
} as const;

export type Quantifier = keyof typeof quantifiers;

export function isQuantifier(name: string): name is Quantifier {
  return Object.hasOwn(quantifiers, name);
}
