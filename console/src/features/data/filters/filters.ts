import type { FilterOperator } from '#console/domain/generated/filter-operators.ts';
import type { JsonObject, JsonValue } from '#console/domain/models/json.ts';
import {
  fieldNamed,
  type Model,
  type ModelField,
  type ToManyField,
  type ToOneField,
  type ValueField,
} from '#console/domain/models/project-models.ts';
import { isRowId, keyValuesOf, rowCondition, type RowId } from '#console/domain/models/row-key.ts';
import { readField, type Reading } from '#console/domain/models/values.ts';

import type { Filter } from '../data-search.ts';

/** The type of operand that an operator needs. */
export type Operand = 'NONE' | 'VALUE' | 'VALUES' | 'TEXT' | 'ROW';

export interface Operator {
  readonly name: string;
  /** The text between the field and the operand: "title contains api". */
  readonly words: string;
  readonly operand: Operand;
}

const op = (name: string, words: string, operand: Operand): Operator => ({ name, words, operand });

type Words = Omit<Operator, 'name'>;

/** API operators that are not in the table below. */
type OtherOperator =
  /** `operatorsOfValue` adds these two operators and their negations. */
  | 'isNull'
  | 'isEmpty'
  /** Set by the "Ignore case" checkbox. */
  | 'mode'
  /** Not offered, because `like` with "Ignore case" is equivalent. */
  | 'ilike';

/** The operators for values, most common first. Add new API operators here or to `OtherOperator`. */
const wordsOfOperators: Readonly<Record<Exclude<FilterOperator, OtherOperator>, Words>> = {
  eq: { words: 'is', operand: 'VALUE' },
  neq: { words: 'is not', operand: 'VALUE' },
  contains: { words: 'contains', operand: 'VALUE' },
  startsWith: { words: 'starts with', operand: 'TEXT' },
  endsWith: { words: 'ends with', operand: 'TEXT' },
  like: { words: 'matches the pattern (% and _)', operand: 'TEXT' },
  in: { words: 'is one of', operand: 'VALUES' },
  notIn: { words: 'is not one of', operand: 'VALUES' },
  lt: { words: 'is less than', operand: 'VALUE' },
  lte: { words: 'is at most', operand: 'VALUE' },
  gt: { words: 'is greater than', operand: 'VALUE' },
  gte: { words: 'is at least', operand: 'VALUE' },
  has: { words: 'has', operand: 'VALUE' },
  hasSome: { words: 'has any of', operand: 'VALUES' },
  hasEvery: { words: 'has all of', operand: 'VALUES' },
  hasKey: { words: 'has the key', operand: 'TEXT' },
};

const valueOperators: readonly Operator[] = Object.entries(wordsOfOperators).map(
  ([name, { words, operand }]) => op(name, words, operand),
);

/** Replaces `words` for `DateTime`, `Date` and `Time`. */
const timeWords: Readonly<Record<string, string>> = {
  lt: 'is before',
  lte: 'is on or before',
  gt: 'is after',
  gte: 'is on or after',
};

/** Operators that can ignore case. */
const caseOperators = new Set([
  'eq',
  'neq',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
  'like',
]);

export const canIgnoreCase = (field: ModelField, operator: string): boolean =>
  field.kind === 'VALUE' &&
  !field.isList &&
  field.type.kind === 'SCALAR' &&
  field.type.name === 'String' &&
  caseOperators.has(operator);

/** A field's operators, most common first. */
export function operatorsOf(field: ModelField): readonly Operator[] {
  switch (field.kind) {
    case 'VALUE':
      return operatorsOfValue(field);
    case 'KEY':
      return [];
    case 'TO_ONE':
      return [
        op('is', 'is', 'ROW'),
        op('isNot', 'is not', 'ROW'),
        ...(field.isRequired
          ? []
          : [op('isMissing', 'is null', 'NONE'), op('isThere', 'is not null', 'NONE')]),
      ];
    case 'TO_MANY':
      return [
        op('some', 'includes', 'ROW'),
        op('none', 'does not include', 'ROW'),
        op('isThere', 'is not empty', 'NONE'),
        op('isMissing', 'is empty', 'NONE'),
      ];
  }
}

function operatorsOfValue({
  operators,
  type,
  isList,
  isRequired,
}: ValueField): readonly Operator[] {
  const isTime = ['DateTime', 'Date', 'Time'].includes(type.name);
  const known = valueOperators
    .filter(({ name }) => operators.includes(name))
    // Equality of whole lists is rarely useful, so it is not offered.
    .filter(({ name }) => !isList || name !== 'eq')
    .map((each) => ({ ...each, words: (isTime ? timeWords[each.name] : undefined) ?? each.words }));
  return [
    ...known,
    ...(operators.includes('isEmpty')
      ? [op('isEmpty', 'is empty', 'NONE'), op('isNotEmpty', 'is not empty', 'NONE')]
      : []),
    ...(isRequired
      ? []
      : [op('isNull', 'is null', 'NONE'), op('isNotNull', 'is not null', 'NONE')]),
  ];
}

export const operatorNamed = (field: ModelField, name: string): Operator | null =>
  operatorsOf(field).find((operator) => operator.name === name) ?? null;

export type Condition =
  | { readonly isOk: true; readonly where: JsonObject }
  | { readonly isOk: false; readonly problem: string };

const where = (condition: JsonObject): Condition => ({ isOk: true, where: condition });
const wrong = (problem: string): Condition => ({ isOk: false, problem });

/** Converts a filter from the URL to a condition for the project API, or returns the reason why it is invalid. */
export function conditionOf(model: Model, filter: Filter): Condition {
  const field = fieldNamed(model, filter.field);
  if (field === null) return wrong(`${model.name} has no field “${filter.field}”.`);
  const operator = operatorNamed(field, filter.operator);
  if (operator === null || field.kind === 'KEY')
    return wrong(`The operator “${filter.operator}” does not apply to “${filter.field}”.`);
  if (field.kind === 'VALUE') return valueCondition(field, operator, filter);
  const row = typeof filter.value === 'string' ? filter.value : '';
  if (operator.operand === 'ROW' && !isRowId(field.targetKey, row)) return wrong('Choose a row.');
  return where(
    field.kind === 'TO_ONE'
      ? toOneCondition(field, operator.name, row)
      : toManyCondition(field, operator.name, row),
  );
}

function toOneCondition(field: ToOneField, operator: string, row: RowId): JsonObject {
  const { name, targetKey } = field;
  switch (operator) {
    case 'isThere':
      return { [name]: {} };
    case 'isMissing':
      return { not: { [name]: {} } };
    default:
      return (
        foreignKeyCondition(field, operator === 'isNot' ? 'neq' : 'eq', row) ?? {
          [name]:
            operator === 'isNot'
              ? { not: rowCondition(targetKey, row) }
              : rowCondition(targetKey, row),
        }
      );
  }
}

/** A condition on the foreign key, which is faster than one on the related row; null if the foreign key cannot express it. */
function foreignKeyCondition(
  { foreignKey, targetKey }: ToOneField,
  operator: 'eq' | 'neq',
  row: RowId,
): JsonObject | null {
  if (foreignKey === null || !foreignKey.hasKey) return null;
  // Several values together differ if one of them does.
  if (operator === 'neq' && foreignKey.fields.length > 1) return null;
  const values = keyValuesOf(targetKey, row);
  return Object.fromEntries(
    foreignKey.fields.map(({ name }, index) => [name, { [operator]: values[index] ?? null }]),
  );
}

function toManyCondition(
  { name, targetKey }: ToManyField,
  operator: string,
  row: RowId,
): JsonObject {
  switch (operator) {
    case 'isThere':
      return { [name]: { some: {} } };
    case 'isMissing':
      return { [name]: { none: {} } };
    default:
      return { [name]: { [operator]: rowCondition(targetKey, row) } };
  }
}

function valueCondition(field: ValueField, operator: Operator, filter: Filter): Condition {
  switch (operator.name) {
    case 'isNull':
    case 'isNotNull':
      return where({ [field.name]: { isNull: operator.name === 'isNull' } });
    case 'isEmpty':
    case 'isNotEmpty':
      return where({ [field.name]: { isEmpty: operator.name === 'isEmpty' } });
  }
  const reading = readOperand(field, operator, filter.value ?? '');
  if (!reading.isOk) return wrong(reading.problem);
  const mode =
    filter.ignoreCase === true && canIgnoreCase(field, operator.name)
      ? { mode: 'INSENSITIVE' }
      : {};
  return where({ [field.name]: { [operator.name]: reading.value, ...mode } });
}

function readOperand(field: ValueField, { operand }: Operator, value: string | string[]): Reading {
  if (operand === 'TEXT') return { isOk: true, value: String(value) };
  if (operand === 'VALUE') return readField({ type: field.type, isList: false }, String(value));
  const values: JsonValue[] = [];
  for (const item of typeof value === 'string' ? [value] : value) {
    const reading = readField({ type: field.type, isList: false }, item);
    if (!reading.isOk) return reading;
    values.push(reading.value);
  }
  return values.length === 0
    ? { isOk: false, problem: 'Enter at least one value.' }
    : { isOk: true, value: values };
}

export interface FilterSet {
  readonly filters?: readonly Filter[] | undefined;
  readonly match?: 'any' | undefined;
}

/** Combines the filters into one condition. Invalid filters are ignored here; the page marks them. */
export function whereOf(model: Model, set: FilterSet): JsonObject | null {
  const conditions = (set.filters ?? []).flatMap((filter) => {
    const condition = conditionOf(model, filter);
    return condition.isOk ? [condition.where] : [];
  });
  if (conditions.length === 0) return null;
  return set.match === 'any' ? { or: conditions } : { and: conditions };
}
