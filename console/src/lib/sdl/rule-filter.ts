import {
  operatorsOf,
  quantifiers,
  referenceOperators,
  type FilterOperatorHelp,
} from './filter-operators.ts';
import type { LooseField, LooseNames, LooseType } from './loose-names.ts';
import {
  claimsType,
  columnsOf,
  findType,
  foreignKey,
  isRelation,
  referencedFields,
  userType,
  type RuleColumn,
} from './rule-columns.ts';

/** A place in the filter of an access rule. */
export interface FilterPlace {
  readonly argument: FilterArgument;
  /** The type with the rule. */
  readonly type: string;
  /** The names from the argument to the place: `['author', 'id', 'eq']`. */
  readonly path: readonly string[];
}

export const filterArguments = ['where', 'check', 'user', 'claims'] as const;
export type FilterArgument = (typeof filterArguments)[number];

/** A name or value that can be written at a place. */
export interface FilterWord {
  readonly name: string;
  /** What it is: a type, or a kind of operator. */
  readonly detail: string;
  readonly about: string;
}

/** A name in a filter object, and the kind of value that follows it. */
export interface FilterKey extends FilterWord {
  readonly value: 'OBJECT' | 'OBJECTS' | 'OPERAND';
}

type Expected =
  | { readonly kind: 'ROW'; readonly type: LooseType; readonly isRelated: boolean }
  | { readonly kind: 'CLAIMS'; readonly type: LooseType }
  | { readonly kind: 'QUANTIFIERS'; readonly type: LooseType }
  | { readonly kind: 'OPERATORS'; readonly column: RuleColumn }
  | {
      readonly kind: 'OPERAND';
      readonly column: RuleColumn;
      readonly operator: FilterOperatorHelp;
      readonly isRelated: boolean;
    }
  | { readonly kind: 'CAN' };

/** What the filter expects at a place; null if a name before it is unknown. */
function expectedAt(names: LooseNames, { argument, type, path }: FilterPlace): Expected | null {
  let expected = startOf(names, argument, type);
  let isRelated = false;
  for (const name of path) {
    if (expected === null) return null;
    const next: Expected | null = after(names, expected, name, isRelated);
    isRelated ||= next?.kind === 'QUANTIFIERS' || (next?.kind === 'ROW' && next.isRelated);
    expected = next;
  }
  return expected;
}

function startOf(names: LooseNames, argument: FilterArgument, type: string): Expected | null {
  if (argument === 'claims') {
    const claims = claimsType(names);
    return claims === undefined ? null : { kind: 'CLAIMS', type: claims };
  }
  const start = argument === 'user' ? userType(names) : findType(names, type);
  return start === undefined ? null : { kind: 'ROW', type: start, isRelated: false };
}

function after(
  names: LooseNames,
  expected: Expected,
  name: string,
  isRelated: boolean,
): Expected | null {
  switch (expected.kind) {
    case 'ROW':
    case 'CLAIMS': {
      if (name === 'and' || name === 'or' || name === 'not') return expected;
      if (name === '_can' && expected.kind === 'ROW') {
        return expected.isRelated ? { kind: 'CAN' } : null;
      }
      const column = columnsOf(names, expected.type).find((each) => each.name === name);
      if (column !== undefined) return { kind: 'OPERATORS', column };
      const field = expected.type.fields.find((each) => each.name === name);
      const target = field === undefined ? undefined : findType(names, field.type);
      if (field === undefined || target === undefined || !isRelation(names, field)) return null;
      return field.list
        ? { kind: 'QUANTIFIERS', type: target }
        : { kind: 'ROW', type: target, isRelated: true };
    }
    case 'QUANTIFIERS': {
      const isKnown = quantifiers.some((each) => each.name === name);
      return isKnown ? { kind: 'ROW', type: expected.type, isRelated: true } : null;
    }
    case 'OPERATORS': {
      const { column } = expected;
      const operator = operatorsOf(column).find((each) => each.name === name);
      return operator === undefined ? null : { kind: 'OPERAND', column, operator, isRelated };
    }
    case 'OPERAND':
    case 'CAN':
      return null;
  }
}

/** The names that a filter object can contain at a place. */
export function filterKeys(names: LooseNames, place: FilterPlace): readonly FilterKey[] {
  const expected = expectedAt(names, place);
  switch (expected?.kind) {
    case 'ROW':
      return [
        ...fieldWords(names, expected.type),
        ...combinations,
        ...(expected.isRelated ? [canWord] : []),
      ];
    case 'CLAIMS':
      return [...fieldWords(names, expected.type), ...combinations];
    case 'QUANTIFIERS':
      return quantifiers.map((word) => ({ ...word, detail: 'quantifier', value: 'OBJECT' }));
    case 'OPERATORS': {
      const { column } = expected;
      return operatorsOf(column).map((operator) => ({
        name: operator.name,
        detail: operandText(column, operator),
        about: operator.about,
        value: 'OPERAND',
      }));
    }
    case 'OPERAND':
    case 'CAN':
    case undefined:
      return [];
  }
}

const combinations: readonly FilterKey[] = [
  { name: 'and', detail: 'list', about: 'All of these conditions hold.', value: 'OBJECTS' },
  {
    name: 'or',
    detail: 'list',
    about: 'At least one of these conditions holds.',
    value: 'OBJECTS',
  },
  {
    name: 'not',
    detail: 'condition',
    value: 'OBJECT',
    about: 'The condition does not hold. If a reference in it is missing, the rule does not hold.',
  },
];

const canWord: FilterKey = {
  name: '_can',
  detail: 'READ',
  value: 'OPERAND',
  about: 'The rules of the related type let the caller read the row.',
};

function fieldWords(names: LooseNames, type: LooseType): readonly FilterKey[] {
  return type.fields.flatMap((field): readonly FilterKey[] => {
    const { name } = field;
    const detail = field.list ? `[${field.type}]` : field.type;
    if (!isRelation(names, field)) {
      return [{ name, detail, about: `A field of ${type.name}.`, value: 'OBJECT' }];
    }
    const about = field.list
      ? 'The related rows. Their conditions are in some, every or none.'
      : 'Conditions on the related row.';
    return [
      { name, detail, about, value: 'OBJECT' },
      ...foreignKey(names, type, field).map((key): FilterKey => ({
        name: key.name,
        detail: key.type,
        about: `The foreign key of ${name}.`,
        value: 'OBJECT',
      })),
    ];
  });
}

function operandText({ type }: RuleColumn, { operand }: FilterOperatorHelp): string {
  switch (operand) {
    case 'VALUE':
      return type;
    case 'VALUES':
      return `[${type}]`;
    case 'TEXT':
      return 'String';
    case 'FLAG':
      return 'Boolean';
    case 'MODE':
      return 'QueryMode';
  }
}

/** The constants that can be written at a place: enum values, `true` and `false`. */
export function filterConstants(names: LooseNames, place: FilterPlace): readonly string[] {
  const expected = expectedAt(names, place);
  if (expected?.kind === 'CAN') return ['READ'];
  if (expected?.kind !== 'OPERAND') return [];
  const { column, operator } = expected;
  switch (operator.operand) {
    case 'FLAG':
      return ['true', 'false'];
    case 'MODE':
      return ['DEFAULT', 'INSENSITIVE'];
    case 'TEXT':
      return [];
    case 'VALUE':
    case 'VALUES':
      return constantsOf(names, column.type);
  }
}

/** The values of an enum or a Boolean. */
export function constantsOf(names: LooseNames, type: string): readonly string[] {
  if (type === 'Boolean') return ['true', 'false'];
  return names.enums.find(({ name }) => name === type)?.values ?? [];
}

/** The references that can be the operand at a place, without their quotes: `$user.id`. */
export function filterReferences(names: LooseNames, place: FilterPlace): readonly FilterWord[] {
  const expected = expectedAt(names, place);
  if (expected?.kind !== 'OPERAND' || place.argument === 'claims') return [];
  const { column, operator, isRelated } = expected;
  if (!referenceOperators.has(operator.name)) return [];
  const wanted = { type: column.type, list: operator.operand === 'VALUES' };
  const row = isRelated ? findType(names, place.type) : undefined;
  return referencesTo(names, wanted, row);
}

/** The references that can be the value of a preset. */
export function presetReferences(
  names: LooseNames,
  type: string,
  fieldName: string,
): readonly FilterWord[] {
  const of = findType(names, type);
  const field = of?.fields.find(({ name }) => name === fieldName);
  if (of === undefined || field === undefined) return [];
  if (!isRelation(names, field)) {
    const [column] = columnsOf(names, { ...of, fields: [field] });
    return column === undefined ? [] : referencesTo(names, column, undefined);
  }
  const [key] = foreignKey(names, of, field);
  const ofUser = new Set(userKeysTo(names, field).map((name) => `$user.${name}`));
  return (key === undefined ? [] : referencesTo(names, key, undefined)).filter(
    ({ name }) => !name.startsWith('$user.') || ofUser.has(name),
  );
}

/** The fields of the user that contain the key of the type to which a relation leads. */
function userKeysTo(names: LooseNames, relation: LooseField): readonly string[] {
  const [users, target] = [userType(names), findType(names, relation.type)];
  if (users === undefined || target === undefined) return [];
  if (users === target) return referencedFields(relation, target);
  return users.fields
    .filter(({ type }) => type === target.name)
    .flatMap((field) => foreignKey(names, users, field).map(({ name }) => name));
}

function referencesTo(
  names: LooseNames,
  wanted: { readonly type: string; readonly list: boolean },
  row: LooseType | undefined,
): readonly FilterWord[] {
  const from = (type: LooseType | undefined, prefix: string, about: string) =>
    (type === undefined ? [] : columnsOf(names, type))
      .filter((column) => isSameType(column, wanted))
      .map(({ name, type: detail, list }) => ({
        name: `$${prefix}.${name}`,
        detail: list ? `[${detail}]` : detail,
        about,
      }));
  const users = userType(names);
  return [
    ...(wanted.list ? [] : from(users, 'user', referenceAbouts.user)),
    ...from(claimsType(names), 'claims', referenceAbouts.claims),
    ...(wanted.list ? [] : from(row, 'row', referenceAbouts.row)),
    ...(!wanted.list && (wanted.type === 'DateTime' || wanted.type === 'Date')
      ? [{ name: '$now', detail: wanted.type, about: referenceAbouts.now }]
      : []),
  ];
}

/** The explanations of references, by their first name. */
export const referenceAbouts = {
  user: 'A field of the caller’s row in the @user model. Missing if the caller is signed out.',
  claims: 'A claim of the caller’s token. Missing if the token does not have it.',
  row: 'A field of the row that the rule is about.',
  now: 'The time of the statement.',
} as const;

/** ID and UUID are the same type in references. */
function isSameType(
  one: { readonly type: string; readonly list: boolean },
  other: { readonly type: string; readonly list: boolean },
): boolean {
  const named = (type: string) => (type === 'UUID' ? 'ID' : type);
  return one.list === other.list && named(one.type) === named(other.type);
}

/** Whether a filter object is expected at a place. */
export function isObjectExpected(names: LooseNames, place: FilterPlace): boolean {
  const kind = expectedAt(names, place)?.kind;
  return kind !== undefined && kind !== 'OPERAND' && kind !== 'CAN';
}
