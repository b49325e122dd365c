import {
  isFilterOperator,
  isQuantifier,
  type FilterOperator,
} from '../../src/engine/api/filter-operators.ts';
import type { ModelType, ToManyField, ToOneField, ValueField } from '../../src/engine/sdl/model.ts';
import { assertNever } from '../../src/platform/assert-never.ts';
import { asInput, asInputs, asJson, asJsonList, type Input } from './input.ts';
import type { Row } from './row.ts';
import type { Store } from './store.ts';
import {
  asText,
  canonical,
  compare,
  containsJson,
  equal,
  hasJsonKey,
  matchesLike,
} from './values.ts';

type ValueKind = Pick<ValueField, 'type' | 'list'>;

/**
 * Returns whether a row matches the `where` argument. Every part of a filter evaluates to true or false, never to null.
 */
export function matches(store: Store, type: ModelType, row: Row, where: Input): boolean {
  return Object.entries(where).every(([name, value]) => {
    switch (name) {
      case 'and':
        return asInputs(value).every((each) => matches(store, type, row, each));
      case 'or':
        return asInputs(value).some((each) => matches(store, type, row, each));
      case 'not':
        return !matches(store, type, row, asInput(value));
      default:
        return matchesField(store, type, row, { name, filter: asInput(value) });
    }
  });
}

function matchesField(
  store: Store,
  type: ModelType,
  row: Row,
  { name, filter }: { readonly name: string; readonly filter: Input },
): boolean {
  const field = store.index.field(type, name);
  if (field === null) {
    const column = store.index.column(type, name);
    if (column === null) throw new Error(`Unknown field ${name}.`);
    return matchesValue(column, row[name] ?? null, filter);
  }
  switch (field.kind) {
    case 'VALUE':
      return matchesValue(field, row[name] ?? null, filter);
    case 'TO_ONE':
      return related(store, type, row, field).some((each) =>
        matches(store, store.index.type(field.target), each, filter),
      );
    case 'TO_MANY':
      return matchesMany(store, store.index.type(field.target), filter, () =>
        related(store, type, row, field),
      );
  }
}

function related(store: Store, type: ModelType, row: Row, field: ToOneField | ToManyField) {
  return store.related(type, row, field);
}

function matchesMany(
  store: Store,
  target: ModelType,
  filter: Input,
  rows: () => readonly Row[],
): boolean {
  return Object.entries(filter).every(([quantifier, value]) => {
    if (!isQuantifier(quantifier)) throw new Error(`Unknown quantifier ${quantifier}.`);
    const test = (row: Row) => matches(store, target, row, asInput(value));
    switch (quantifier) {
      case 'some':
        return rows().some(test);
      case 'every':
        return rows().every(test);
      case 'none':
        return !rows().some(test);
      default:
        return assertNever(quantifier);
    }
  });
}

export function matchesValue(kind: ValueKind, value: unknown, filter: Input): boolean {
  const { mode, ...operations } = filter;
  return Object.entries(operations).every(([operator, operand]) => {
    if (operator === 'isNull') return (value === null) === operand;
    if (value === null) return false;
    if (!isFilterOperator(operator)) throw new Error(`Unknown operator ${operator}.`);
    return kind.list
      ? matchesList(kind, { value, operator, operand })
      : matchesOne(kind, { value, operator, operand, insensitive: mode === 'INSENSITIVE' });
  });
}

interface Operation {
  readonly value: unknown;
  readonly operator: FilterOperator;
  readonly operand: unknown;
}

function matchesList({ type }: ValueKind, { value, operator, operand }: Operation): boolean {
  const items = asJsonList(value);
  const hasItem = (wanted: unknown) =>
    items.some((item) => equal(type, item, canonical(type, asJson(wanted))));
  switch (operator) {
    case 'eq': {
      const wanted = asJsonList(operand);
      return (
        wanted.length === items.length &&
        items.every((item, at) => equal(type, item, canonical(type, wanted[at] ?? null)))
      );
    }
    case 'has':
      return hasItem(operand);
    case 'hasSome':
      return asJsonList(operand).some(hasItem);
    case 'hasEvery':
      return asJsonList(operand).every(hasItem);
    case 'isEmpty':
      return (items.length === 0) === operand;
    case 'neq':
    case 'in':
    case 'notIn':
    case 'isNull':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'like':
    case 'ilike':
    case 'mode':
    case 'hasKey':
      throw new Error(`Operator ${operator} does not apply to lists.`);
    default:
      return assertNever(operator);
  }
}

function matchesOne(
  { type }: ValueKind,
  { value, operator, operand, insensitive }: Operation & { readonly insensitive: boolean },
): boolean {
  // JSON values are compared unchanged. Strings are lowercased if the mode is INSENSITIVE.
  const fold = (of: unknown) =>
    insensitive && typeof of === 'string' ? of.toLowerCase() : asJson(of);
  const own = fold(value);
  const isEqual = (wanted: unknown) => equal(type, own, canonical(type, fold(wanted)));
  const order = () => compare(type, asJson(value), canonical(type, asJson(operand)));
  const texts = () => ({ text: asText(own), part: asText(fold(operand)) });
  switch (operator) {
    case 'eq':
      return isEqual(operand);
    case 'neq':
      return !isEqual(operand);
    case 'in':
      return asJsonList(operand).some(isEqual);
    case 'notIn':
      return !asJsonList(operand).some(isEqual);
    case 'lt':
      return order() < 0;
    case 'lte':
      return order() <= 0;
    case 'gt':
      return order() > 0;
    case 'gte':
      return order() >= 0;
    case 'contains':
      if (type.name === 'JSON') return containsJson(asJson(value), asJson(operand));
      return texts().text.includes(texts().part);
    case 'startsWith':
      return texts().text.startsWith(texts().part);
    case 'endsWith':
      return texts().text.endsWith(texts().part);
    case 'like':
      return matchesLike(texts().text, texts().part) ?? false;
    case 'ilike':
      return matchesLike(String(value).toLowerCase(), String(operand).toLowerCase()) ?? false;
    case 'hasKey':
      return hasJsonKey(asJson(value), String(operand));
    case 'isNull':
    case 'mode':
    case 'has':
    case 'hasSome':
    case 'hasEvery':
    case 'isEmpty':
      throw new Error(`Operator ${operator} does not apply to single values.`);
    default:
      return assertNever(operator);
  }
}
