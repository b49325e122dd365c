import { assertNever } from '../../../platform/assert-never.ts';
import { countOf } from '../../../platform/count-of.ts';
import { commaList, literal, sql, type Sql } from '../../sql/sql.ts';
import type { StringFormat } from '../../sdl/model.ts';
import { compareDecimals, parseDecimal } from '../../sdl/decimal.ts';
import { typeName, type ColumnType } from './column-type.ts';

/** The rule of a CHECK constraint on one column. Null satisfies all rules. */
export type CheckRule =
  | { readonly kind: 'ONE_OF'; readonly values: readonly string[] }
  | { readonly kind: 'EACH_ONE_OF'; readonly values: readonly string[] }
  | { readonly kind: 'NO_NULL_ITEMS'; readonly type: ColumnType }
  | { readonly kind: 'MIN_LENGTH'; readonly limit: number }
  | { readonly kind: 'MAX_LENGTH'; readonly limit: number }
  | {
      readonly kind: 'PATTERN';
      readonly pattern: string;
      /** The format that the pattern implements, or null. */
      readonly format: StringFormat | null;
    }
  | { readonly kind: 'MIN'; readonly limit: string; readonly type: ColumnType }
  | { readonly kind: 'MAX'; readonly limit: string; readonly type: ColumnType };

/** The SQL for a rule: `{ kind: 'MIN_LENGTH', limit: 1 }` for `"title"` → `char_length("title") >= 1`. */
export function checkExpression(rule: CheckRule, column: Sql): Sql {
  switch (rule.kind) {
    case 'ONE_OF':
      return sql`${column} = ANY (${textArray(rule.values)})`;
    case 'EACH_ONE_OF':
      return sql`${column} <@ ${textArray(rule.values)}`;
    case 'NO_NULL_ITEMS':
      return sql`array_position(${column}, NULL::${scalar(rule.type)}) IS NULL`;
    case 'MIN_LENGTH':
      return sql`char_length(${column}) >= ${literal(rule.limit)}`;
    case 'MAX_LENGTH':
      return sql`char_length(${column}) <= ${literal(rule.limit)}`;
    case 'PATTERN':
      return sql`${column} ~ ${literal(rule.pattern)}`;
    case 'MIN':
      return sql`${column} >= ${literal(rule.limit)}::${scalar(rule.type)}`;
    case 'MAX':
      return sql`${column} <= ${literal(rule.limit)}::${scalar(rule.type)}`;
    default:
      return assertNever(rule);
  }
}

/** Whether all values that satisfy `from` also satisfy `to`. */
export function isWeaker(from: CheckRule, to: CheckRule): boolean {
  switch (to.kind) {
    case 'ONE_OF':
    case 'EACH_ONE_OF':
      return from.kind === to.kind && from.values.every((value) => to.values.includes(value));
    case 'MIN_LENGTH':
      return from.kind === to.kind && from.limit >= to.limit;
    case 'MAX_LENGTH':
      return from.kind === to.kind && from.limit <= to.limit;
    case 'MIN':
      return from.kind === to.kind && compareLimits(from.limit, to.limit) >= 0;
    case 'MAX':
      return from.kind === to.kind && compareLimits(from.limit, to.limit) <= 0;
    case 'NO_NULL_ITEMS':
      return from.kind === to.kind;
    case 'PATTERN':
      return from.kind === to.kind && from.pattern === to.pattern;
    default:
      return assertNever(to);
  }
}

/** The end of a sentence that starts with the field name: `is OPEN or DONE`. */
export function describeRule(rule: CheckRule): string {
  switch (rule.kind) {
    case 'ONE_OF':
      return `is ${inWords(rule.values)}`;
    case 'EACH_ONE_OF':
      return `contains only ${inWords(rule.values)}`;
    case 'NO_NULL_ITEMS':
      return 'contains no nulls';
    case 'MIN_LENGTH':
      return `has at least ${countOf(rule.limit, 'character')}`;
    case 'MAX_LENGTH':
      return `has at most ${countOf(rule.limit, 'character')}`;
    case 'PATTERN':
      return rule.format === null ? `matches ${rule.pattern}` : `has the format ${rule.format}`;
    case 'MIN':
      return `is at least ${rule.limit}`;
    case 'MAX':
      return `is at most ${rule.limit}`;
    default:
      return assertNever(rule);
  }
}

const namedValues = 5;

function inWords(values: readonly string[]): string {
  const named = values.slice(0, namedValues);
  const more = values.length - named.length;
  if (more > 0) {
    return `${named.join(', ')} or ${more === 1 ? '1 other value' : `one of ${more} other values`}`;
  }
  return named.length < 2
    ? named.join()
    : `${named.slice(0, -1).join(', ')} or ${named.at(-1) ?? ''}`;
}

function textArray(values: readonly string[]): Sql {
  return sql`ARRAY[${commaList(values.map((value) => sql`${literal(value)}::text`))}]`;
}

function scalar(type: ColumnType): Sql {
  return typeName({ type, list: false });
}

/** Compares two limits. In a model, they are always numbers. A string that is not a number would compare as equal. */
function compareLimits(a: string, b: string): number {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  return x === null || y === null ? 0 : compareDecimals(x, y);
}
