import type { ScalarName } from '../sdl/model.ts';

/**
 * What follows an operator in a filter. `FLAG` and `MODE` operands are structural: they decide which SQL is
 * written, and are part of a query plan's key. All others are parameters of the statement.
 */
export type OperandKind =
  /** A value of the field's type; for a list field, of its items. */
  | 'VALUE'
  /** A list of such values. */
  | 'VALUES'
  | 'TEXT'
  | 'FLAG'
  | 'MODE';

export interface Operator {
  readonly operand: OperandKind;
  readonly description: string;
}

const isNull = { operand: 'FLAG', description: 'Whether there is no value.' } as const;

/**
 * Every filter operator, in the order of the generated input types. A new operator is an entry here and its
 * SQL in queries/filter-sql.ts, which does not compile without it.
 */
export const filterOperators = {
  EQUALITY: {
    eq: { operand: 'VALUE', description: 'Equal to this.' },
    neq: { operand: 'VALUE', description: 'A value other than this; null is none.' },
    in: { operand: 'VALUES', description: 'One of these; of an empty list, nothing is.' },
    notIn: { operand: 'VALUES', description: 'A value that is none of these.' },
    isNull,
  },
  ORDER: {
    lt: { operand: 'VALUE', description: 'Less than this.' },
    lte: { operand: 'VALUE', description: 'Less than this, or equal.' },
    gt: { operand: 'VALUE', description: 'Greater than this.' },
    gte: { operand: 'VALUE', description: 'Greater than this, or equal.' },
  },
  TEXT: {
    contains: { operand: 'TEXT', description: 'Has this text in it, taken literally.' },
    startsWith: { operand: 'TEXT', description: 'Starts with this text, taken literally.' },
    endsWith: { operand: 'TEXT', description: 'Ends with this text, taken literally.' },
    like: {
      operand: 'TEXT',
      description:
        'Matches this pattern as a whole: `%` stands for any characters, `_` for one, and `\\` makes the next one literal.',
    },
    ilike: {
      operand: 'TEXT',
      description: 'As `like`, with capitals and small letters alike.',
    },
    mode: {
      operand: 'MODE',
      description:
        'How `eq neq in notIn contains startsWith endsWith like` compare in this filter; `DEFAULT` unless given.',
    },
  },
  JSON: {
    eq: {
      operand: 'VALUE',
      description: 'The same JSON value; the order of keys does not matter.',
    },
    contains: {
      operand: 'VALUE',
      description: 'Has this in it: of an object every key with its value, of a list every item.',
    },
    hasKey: { operand: 'TEXT', description: 'An object with this key at its top.' },
    isNull,
  },
  LIST: {
    eq: { operand: 'VALUES', description: 'The same items in the same order.' },
    has: { operand: 'VALUE', description: 'This is one of its items.' },
    hasSome: { operand: 'VALUES', description: 'At least one of these is one of its items.' },
    hasEvery: { operand: 'VALUES', description: 'All of these are among its items.' },
    isEmpty: { operand: 'FLAG', description: 'Whether it has no items.' },
    isNull,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Operator>>>>;

type Groups = typeof filterOperators;
export type OperatorGroup = keyof Groups;

const ordered = ['EQUALITY', 'ORDER'] as const;

/** The operators on a single value of each scalar. */
export const operatorsOfScalar: Readonly<Record<ScalarName, readonly OperatorGroup[]>> = {
  ID: ordered,
  UUID: ordered,
  Int: ordered,
  Float: ordered,
  BigInt: ordered,
  Decimal: ordered,
  DateTime: ordered,
  Date: ordered,
  String: ['EQUALITY', 'ORDER', 'TEXT'],
  Boolean: ['EQUALITY'],
  JSON: ['JSON'],
};

/** Values of an enum have no order. */
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

/** How a filter on a list relation combines what its rows match. */
export const quantifiers = {
  some: 'At least one row matches.',
  every: 'Every row matches; of no rows, every one does.',
  none: 'No row matches.',
} as const;

export type Quantifier = keyof typeof quantifiers;

export function isQuantifier(name: string): name is Quantifier {
  return Object.hasOwn(quantifiers, name);
}
