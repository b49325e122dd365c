import { isDeepStrictEqual } from 'node:util';
import { assertNever } from '../../platform/assert-never.ts';
import {
  isStructuralOperator,
  type FilterOperator,
  type ValueOperator,
} from '../api/filter-operators.ts';
import { compareDecimals, parseDecimal } from '../sdl/decimal.ts';
import type { ValueType } from '../sdl/model.ts';
import { unchecked, type TypedValue } from './filter-literals.ts';

export interface Comparison {
  readonly claim: TypedValue;
  /** Undefined if the claim is missing. */
  readonly value: unknown;
  readonly operator: FilterOperator;
  readonly operand: unknown;
  readonly insensitive: boolean;
}

/** Whether a claim matches one operator of a filter. */
export function matches({ operator, ...comparison }: Comparison): boolean {
  const { value, operand, claim } = comparison;
  if (isStructuralOperator(operator)) {
    switch (operator) {
      case 'mode':
        return true;
      case 'isNull':
        return (value === undefined) === operand;
      case 'isEmpty':
        return Array.isArray(value) && (value.length === 0) === operand;
      default:
        return assertNever(operator);
    }
  }
  if (value === undefined) return false;
  return claim.list
    ? listOperators({ ...comparison, operator })
    : valueOperators({ ...comparison, operator });
}

type ValueComparison = Comparison & { readonly operator: ValueOperator };

function listOperators({ claim: { type }, value, operator, operand }: ValueComparison): boolean {
  const [own, wanted] = [asList(value), asList(operand)];
  const has = (item: unknown) => own.some((each) => compare(type, each, item) === 0);
  switch (operator) {
    case 'eq':
      return (
        own.length === wanted.length &&
        own.every((each, index) => compare(type, each, wanted[index]) === 0)
      );
    case 'has':
      return has(operand);
    case 'hasSome':
      return wanted.some(has);
    case 'hasEvery':
      return wanted.every(has);
    case 'neq':
    case 'in':
    case 'notIn':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'like':
    case 'ilike':
    case 'hasKey':
      throw unchecked();
    default:
      return assertNever(operator);
  }
}

function valueOperators(comparison: ValueComparison): boolean {
  const { claim, operator, operand, insensitive } = comparison;
  const { type } = claim;
  const fold = (of: unknown) => (insensitive && typeof of === 'string' ? of.toLowerCase() : of);
  const value = fold(comparison.value);
  const order = () => compare(type, value, fold(operand));
  const isIn = () => asList(operand).some((each) => compare(type, value, fold(each)) === 0);
  const [text, part] = [String(value), String(fold(operand))];
  switch (operator) {
    case 'eq':
      return order() === 0;
    case 'neq':
      return order() !== 0;
    case 'in':
      return isIn();
    case 'notIn':
      return !isIn();
    case 'lt':
      return order() < 0;
    case 'lte':
      return order() <= 0;
    case 'gt':
      return order() > 0;
    case 'gte':
      return order() >= 0;
    case 'contains':
      return type.name === 'JSON' ? containsJson(value, operand) : text.includes(part);
    case 'startsWith':
      return text.startsWith(part);
    case 'endsWith':
      return text.endsWith(part);
    case 'like':
      return matchesPattern(text, part);
    case 'ilike':
      return matchesPattern(text.toLowerCase(), part.toLowerCase());
    case 'hasKey':
      return isObject(value) && Object.hasOwn(value, String(operand));
    case 'has':
    case 'hasSome':
    case 'hasEvery':
      throw unchecked();
    default:
      return assertNever(operator);
  }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Compares two coerced values. The result is zero only for equal values. */
function compare(type: ValueType, a: unknown, b: unknown): number {
  if (type.name === 'JSON') return isDeepStrictEqual(a, b) ? 0 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [text, other] = [String(a), String(b)];
  const isDecimal = type.kind === 'SCALAR' && (type.name === 'BigInt' || type.name === 'Decimal');
  const [x, y] = isDecimal ? [parseDecimal(text), parseDecimal(other)] : [null, null];
  if (x !== null && y !== null) return compareDecimals(x, y);
  // The texts of times have no trailing zeros. Without the Z, a time is before the times with a fraction.
  const isTime = type.kind === 'SCALAR' && type.name === 'DateTime';
  return isTime
    ? compareTexts(text.replace('Z', ''), other.replace('Z', ''))
    : compareTexts(text, other);
}

/** By code points, like the UTF-8 of both texts. */
function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The containment of PostgreSQL's `@>`, except that a list does not contain a single value. */
function containsJson(value: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(value) &&
      part.every((item: unknown) => value.some((each: unknown) => containsJson(each, item)))
    );
  }
  if (isObject(part)) {
    return (
      isObject(value) &&
      Object.entries(part).every(
        ([key, inner]) => Object.hasOwn(value, key) && containsJson(value[key], inner),
      )
    );
  }
  return isDeepStrictEqual(value, part);
}

/** LIKE, in time proportional to the lengths of the text and the pattern. */
function matchesPattern(text: string, pattern: string): boolean {
  const chars = Array.from(text);
  const parts = pattern.match(/\\[^]|[^]/gu) ?? [];
  let [at, part] = [0, 0];
  /** The latest `%`, and the first character that it does not match. */
  let wildcard: { readonly part: number; at: number } | null = null;
  while (at < chars.length) {
    const wanted = parts[part];
    if (wanted === '%') {
      wildcard = { part, at };
      part += 1;
    } else if (wanted === '_' || (wanted !== undefined && unescaped(wanted) === chars[at])) {
      at += 1;
      part += 1;
    } else if (wildcard !== null) {
      wildcard.at += 1;
      ({ at } = wildcard);
      part = wildcard.part + 1;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((each) => each === '%');
}

function unescaped(part: string): string {
  return part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
}
