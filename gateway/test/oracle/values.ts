import {
  compareDecimals,
  decimalText,
  parseDecimal,
  type Decimal,
} from '../../src/engine/sdl/decimal.ts';
import { ExactNumber, jsonText } from '../../src/graphql/exact-number.ts';
import type { JsonValue, ValueType } from '../../src/engine/sdl/model.ts';

/** The semantics of individual values. Values are never null and have the format in which the API returns them. */

/** Converts a value from a client to the format in which the API returns it: times in UTC, UUIDs in lower case. */
export function canonical(type: ValueType, value: JsonValue): JsonValue {
  if (Array.isArray(value) && type.name !== 'JSON') {
    return value.map((item: JsonValue) => canonical(type, item));
  }
  if (type.kind === 'ENUM') return value;
  switch (type.name) {
    case 'ID':
    case 'UUID':
      return asText(value).toLowerCase();
    case 'DateTime':
      return canonicalInstant(asText(value));
    case 'BigInt':
    case 'Decimal':
      return asText(value);
    case 'Time':
      return asText(value)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
    case 'String':
    case 'Int':
    case 'Float':
    case 'Boolean':
    case 'Date':
    case 'Bytes':
    case 'JSON':
      return value;
  }
}

/** Returns a string unchanged and other values as JSON: `true`, `1`. */
export function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : jsonText(value);
}

/** `2024-02-29T12:00:00.500Z` → `2024-02-29T12:00:00.5+00:00` */
function canonicalInstant(text: string): string {
  const fraction = /\.(\d+)/.exec(text)?.[1]?.replace(/0+$/, '') ?? '';
  const seconds = new Date(text.replace(/\.\d+/, '')).toISOString().slice(0, 19);
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}+00:00`;
}

export function compare(type: ValueType, a: JsonValue, b: JsonValue): number {
  if (type.kind === 'ENUM') return compareText(asText(a), asText(b));
  switch (type.name) {
    case 'Int':
    case 'Float':
      return Number(a) - Number(b);
    case 'BigInt':
    case 'Decimal':
      return compareDecimals(decimal(a), decimal(b));
    case 'DateTime':
      return compareText(instantKey(a), instantKey(b));
    case 'Boolean':
    case 'String':
    case 'ID':
    case 'UUID':
    case 'Date':
    case 'Time':
      return compareText(asText(a), asText(b));
    case 'Bytes':
      return Buffer.from(asText(a), 'base64').compare(Buffer.from(asText(b), 'base64'));
    case 'JSON':
      throw new Error('JSON values have no order.');
  }
}

export function equal(type: ValueType, a: JsonValue, b: JsonValue): boolean {
  return type.name === 'JSON' ? equalJson(a, b) : compare(type, a, b) === 0;
}

/** Returns false for a number that has more digits than its field allows. */
export function isStorable(type: ValueType, value: JsonValue): boolean {
  if (type.kind !== 'SCALAR' || type.decimal === undefined) return true;
  if (Array.isArray(value)) return value.every((item: JsonValue) => isStorable(type, item));
  const { precision, scale } = type.decimal;
  const [whole = '', fraction = ''] = decimalText(decimal(value)).replace('-', '').split('.');
  return fraction.length <= scale && whole.replace(/^0/, '').length <= precision - scale;
}

/** The same text for two values if and only if they are equal for a unique key. Null for null. */
export function equalityText(type: ValueType, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  // Values of fields are JSON.
  const known = canonical(type, value as JsonValue);
  if (type.name === 'Float') return String(Number(known) + 0);
  if (type.name !== 'BigInt' && type.name !== 'Decimal') return asText(known);
  return decimalText(decimal(known));
}

export function decimal(value: JsonValue): Decimal {
  const parsed = parseDecimal(asText(value));
  if (parsed === null) throw new Error(`${asText(value)} is not a decimal.`);
  return parsed;
}

/** Removes the time zone suffix, so that a longer fraction never sorts before its prefix. */
function instantKey(value: JsonValue): string {
  return asText(value).replace('+00:00', '');
}

/** Compares by code point, like the collation C.UTF-8. */
function compareText(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => Array.from(text, (char) => char.codePointAt(0)));
  for (let at = 0; ; at += 1) {
    const [x, y] = [left?.[at], right?.[at]];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? -1 : 1;
    if (x !== y) return x - y;
  }
}

/**
 * Matches a LIKE pattern: `%` matches any string, `_` matches one character, and `\` escapes the next character. The
 * pattern is first converted to steps: characters, `ANY` and `ONE`.
 * @returns null for a pattern that ends with an unfinished escape
 */
export function matchesLike(text: string, pattern: string): boolean | null {
  const steps: string[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '%') steps.push('ANY');
    else if (character === '_') steps.push('ONE');
    else if (character !== '\\') steps.push(character);
    else {
      at += 1;
      const escaped = characters[at];
      if (escaped === undefined) return null;
      steps.push(escaped);
    }
  }
  return matchSteps(Array.from(text), steps);
}

function matchSteps(text: readonly string[], steps: readonly string[]): boolean {
  const [step, ...others] = steps;
  if (step === undefined) return text.length === 0;
  if (step === 'ANY') return [...text, ''].some((_, at) => matchSteps(text.slice(at), others));
  const [character, ...rest] = text;
  if (character === undefined) return false;
  return (step === 'ONE' || step === character) && matchSteps(rest, others);
}

/** Compares JSON values, ignoring the order of keys. */
function equalJson(a: JsonValue, b: JsonValue): boolean {
  return containsJson(a, b, 'EXACT') && containsJson(b, a, 'EXACT');
}

/** Implements PostgreSQL's `@>` operator. `EXACT` compares lists item by item. */
export function containsJson(
  whole: JsonValue,
  part: JsonValue,
  lists: 'EXACT' | 'TOP' | 'NESTED' = 'TOP',
): boolean {
  const within = lists === 'EXACT' ? 'EXACT' : 'NESTED';
  if (isList(whole)) {
    // At the top level, a list contains a primitive value if the value is one of the list's items.
    if (!isList(part))
      return lists === 'TOP' && !isObject(part) && whole.some((each) => isSame(each, part));
    if (lists === 'EXACT') {
      return (
        whole.length === part.length &&
        part.every((item, at) => containsJson(whole[at] ?? null, item, within))
      );
    }
    return part.every((item) => whole.some((each) => containsJson(each, item, within)));
  }
  if (isObject(whole)) {
    return (
      isObject(part) &&
      Object.entries(part).every(([name, item]) => {
        const own = Object.hasOwn(whole, name) ? whole[name] : undefined;
        return own !== undefined && containsJson(own, item, within);
      })
    );
  }
  return isSame(whole, part);
}

/** Compares values that are not lists or objects. The samples write equal numbers in the same way. */
function isSame(a: JsonValue, b: JsonValue): boolean {
  return a instanceof ExactNumber && b instanceof ExactNumber ? a.text === b.text : a === b;
}

/** Returns false for values that are not objects. */
export function hasJsonKey(value: JsonValue, key: string): boolean {
  return isObject(value) && Object.hasOwn(value, key);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return (
    typeof value === 'object' && value !== null && !isList(value) && !(value instanceof ExactNumber)
  );
}
