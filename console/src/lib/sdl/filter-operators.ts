/** What an operator compares with. `VALUES` is a list, `FLAG` true or false. */
export type Operand = 'VALUE' | 'VALUES' | 'TEXT' | 'FLAG' | 'MODE';

export interface FilterOperatorHelp {
  readonly name: string;
  readonly operand: Operand;
  readonly about: string;
}

const isNull = {
  name: 'isNull',
  operand: 'FLAG',
  about: 'If true, the value is null. If false, it is not null.',
} as const;

/** The filter operators by group. A test compares them with the engine's table. */
export const operatorGroups = {
  EQUALITY: [
    { name: 'eq', operand: 'VALUE', about: 'Equal to this value.' },
    { name: 'neq', operand: 'VALUE', about: 'Not equal to this value. Does not match null.' },
    {
      name: 'in',
      operand: 'VALUES',
      about: 'One of these values. An empty list matches nothing.',
    },
    { name: 'notIn', operand: 'VALUES', about: 'None of these values. Does not match null.' },
    isNull,
  ],
  ORDER: [
    { name: 'lt', operand: 'VALUE', about: 'Less than this value.' },
    { name: 'lte', operand: 'VALUE', about: 'Less than or equal to this value.' },
    { name: 'gt', operand: 'VALUE', about: 'Greater than this value.' },
    { name: 'gte', operand: 'VALUE', about: 'Greater than or equal to this value.' },
  ],
  TEXT: [
    {
      name: 'contains',
      operand: 'TEXT',
      about: 'Contains this text. `%` and `_` are not wildcards.',
    },
    {
      name: 'startsWith',
      operand: 'TEXT',
      about: 'Starts with this text. `%` and `_` are not wildcards.',
    },
    {
      name: 'endsWith',
      operand: 'TEXT',
      about: 'Ends with this text. `%` and `_` are not wildcards.',
    },
    {
      name: 'like',
      operand: 'TEXT',
      about:
        'The whole text matches this pattern. `%` matches any sequence of characters, `_` matches one character, and `\\` escapes the next character.',
    },
    { name: 'ilike', operand: 'TEXT', about: 'Like `like`, but case-insensitive.' },
    {
      name: 'mode',
      operand: 'MODE',
      about:
        'How `eq`, `neq`, `in`, `notIn`, `contains`, `startsWith`, `endsWith` and `like` compare text in this filter. Default: `DEFAULT`.',
    },
  ],
  JSON: [
    {
      name: 'eq',
      operand: 'VALUE',
      about: 'Equal to this JSON value. The order of keys does not matter.',
    },
    {
      name: 'contains',
      operand: 'VALUE',
      about:
        'Contains this JSON value: all keys of an object with their values, or all items of a list.',
    },
    { name: 'hasKey', operand: 'TEXT', about: 'An object with this key at the top level.' },
    isNull,
  ],
  LIST: [
    { name: 'eq', operand: 'VALUES', about: 'The same items in the same order.' },
    { name: 'has', operand: 'VALUE', about: 'Contains this item.' },
    { name: 'hasSome', operand: 'VALUES', about: 'Contains at least one of these items.' },
    { name: 'hasEvery', operand: 'VALUES', about: 'Contains all of these items.' },
    {
      name: 'isEmpty',
      operand: 'FLAG',
      about: 'If true, the list has no items. If false, it has at least one item.',
    },
    isNull,
  ],
} as const satisfies Readonly<Record<string, readonly FilterOperatorHelp[]>>;

/** The operators for a field of a scalar or an enum. */
export function operatorsOf(column: {
  readonly type: string;
  readonly list: boolean;
  readonly isEnum: boolean;
}): readonly FilterOperatorHelp[] {
  const { EQUALITY, ORDER, TEXT, JSON, LIST } = operatorGroups;
  if (column.list) return LIST;
  if (column.isEnum || column.type === 'Boolean') return EQUALITY;
  if (column.type === 'JSON') return JSON;
  return column.type === 'String' ? [...EQUALITY, ...ORDER, ...TEXT] : [...EQUALITY, ...ORDER];
}

/** The quantifiers of a filter on a list of rows. */
export const quantifiers = [
  { name: 'some', about: 'At least one row matches.' },
  { name: 'every', about: 'All rows match. An empty list matches.' },
  { name: 'none', about: 'No row matches.' },
] as const;

/** The operators whose operand can be a reference such as "$user.id". */
export const referenceOperators: ReadonlySet<string> = new Set([
  ...['eq', 'neq', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'has', 'hasSome'],
]);
