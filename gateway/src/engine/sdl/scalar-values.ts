import { writtenLength, type ExactNumber } from '../../graphql/exact-number.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { compareDecimals, decimalText, isWhole, parseDecimal, writtenDecimal } from './decimal.ts';
import { limits } from './limits.ts';

export type JsonValue =
  | string
  | number
  | ExactNumber
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type NumericScalar = 'Int' | 'Float' | 'BigInt' | 'Decimal';

const wholeRanges = {
  Int: ['-2147483648', '2147483647'],
  BigInt: ['-9223372036854775808', '9223372036854775807'],
} as const;

/**
 * Returns the canonical text of a number, or null if the number is not a value of the type: `numberText('Int', '1e3')`
 * is `1000`.
 */
export function numberText(type: NumericScalar, text: string): string | null {
  const decimal = parseDecimal(text);
  if (decimal === null) return null;
  switch (type) {
    case 'Float': {
      const number = Number(text);
      return Number.isFinite(number) ? String(number === 0 ? 0 : number) : null;
    }
    case 'Decimal':
      return decimalText(decimal);
    case 'Int':
    case 'BigInt': {
      const [low, high] = wholeRanges[type].map((bound) => parseDecimal(bound));
      if (!low || !high || !isWhole(decimal)) return null;
      const fits = compareDecimals(decimal, low) >= 0 && compareDecimals(decimal, high) <= 0;
      return fits ? decimalText(decimal) : null;
    }
    default:
      return assertNever(type);
  }
}

/**
 * Returns a Decimal as the API returns it, with its trailing zeros: `1.50` stays `1.50`, and `1e3` becomes `1000`. Null
 * if the text is not a number, or is too long without an exponent: the API accepts each number in the form in which it
 * returns it.
 */
export function writtenDecimalText(text: string): string | null {
  const written = longDecimalText(text);
  return written === null || written.length > limits.numberLength ? null : written;
}

/**
 * Removes trailing zeros from a Decimal that would be too long with them. A column with `@decimal` can return a number
 * with more zeros than a number that is sent can have.
 */
export function shortDecimalText(text: string): string {
  if (text.length <= limits.numberLength || !/^[^.eE]*\.\d+$/.test(text)) return text;
  return withoutTrailingZeros(text).replace(/\.$/, '');
}

/** Like `writtenDecimalText`, without the limit. */
export function longDecimalText(text: string): string | null {
  const decimal = parseDecimal(text);
  return decimal === null ? null : writtenDecimal(decimal);
}

/**
 * Whether JSON can contain the number. It must be in the range of a 64-bit float, because most clients read numbers as
 * floats. PostgreSQL stores 147,455 digits, but then a few characters such as `1e-9999` could result in long responses.
 */
export function isJsonNumber({ text }: ExactNumber): boolean {
  const limit = limits.jsonNumberLength;
  return text.length <= limit && Number.isFinite(Number(text)) && writtenLength(text) <= limit;
}

/** The UUID in lower case, as PostgreSQL prints it. Null if the text is not a UUID. */
export function uuidText(text: string): string | null {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return null;
  return text.toLowerCase();
}

/** Returns the text unchanged, or null if it contains NUL or an unpaired surrogate, which PostgreSQL cannot store. */
export function storableText(text: string): string | null {
  return text.includes('\0') || /\p{Surrogate}/u.test(text) ? null : text;
}

/** Returns the text unchanged, or null if it is not a calendar date from year 1 to 9999, such as `2024-02-29`. */
export function dateText(text: string): string | null {
  return isDate(text) ? text : null;
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null || text.startsWith('0000')) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/**
 * Returns the text unchanged, or null if it is not base64 (RFC 4648, section 4): with padding, without line breaks, and
 * with zeros in the unused bits, so that equal values have equal texts.
 */
export function base64Text(text: string): string | null {
  return Buffer.from(text, 'base64').toString('base64') === text ? text : null;
}

/** RFC 3339, section 5.6 (`partial-time`): the hour, minute and second, and its fraction. */
const timeOfDay = /^((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?$/;

/**
 * Returns a time of day without trailing zeros in the fraction: `12:30:00.50` → `12:30:00.5`. Null if the text is
 * invalid, or if its fraction has more digits than PostgreSQL stores. `24:00:00` is invalid.
 */
export function timeText(text: string): string | null {
  const [, time, digits = ''] = timeOfDay.exec(text) ?? [];
  const fraction = withoutTrailingZeros(digits);
  if (time === undefined || fraction.length > fractionDigits) return null;
  return fraction === '' ? time : `${time}.${fraction}`;
}

/** RFC 3339, section 5.6: the date, the hour and minute, the second, its fraction, and the offset. */
const instant =
  /^(\d{4}-\d{2}-\d{2})[Tt]((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(?:\.(\d+))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** The fraction of a second that PostgreSQL stores. */
const fractionDigits = 6;

/**
 * Converts an RFC 3339 timestamp to UTC, without trailing zeros in the fraction. Null if the text is invalid, or if its
 * fraction has more digits than PostgreSQL stores. A leap second (RFC 3339, section 5.7) becomes the next second, as in
 * PostgreSQL.
 */
export function instantText(text: string): string | null {
  const [, date = '', time = '', second = '', digits = '', offset = ''] = instant.exec(text) ?? [];
  if (!isDate(date)) return null;
  const fraction = withoutTrailingZeros(digits);
  if (fraction.length > fractionDigits) return null;
  const isLeap = second === '60';
  const at = new Date(`${date}T${time}:${isLeap ? '59' : second}${offset.toUpperCase()}`);
  if (isLeap) at.setUTCSeconds(60);
  if (Number.isNaN(at.getTime()) || (isLeap && !startsMonth(at))) return null;
  const year = at.getUTCFullYear();
  if (year < 1 || year > 9999) return null;
  return at.toISOString().replace('.000Z', fraction === '' ? 'Z' : `.${fraction}Z`);
}

/** Leap seconds are added at the end of a month in UTC. */
function startsMonth(at: Date): boolean {
  return at.toISOString().endsWith('-01T00:00:00.000Z');
}

/** Not a regular expression, because `/0+$/` takes quadratic time for `000…01`. */
function withoutTrailingZeros(digits: string): string {
  let length = digits.length;
  while (digits[length - 1] === '0') length -= 1;
  return digits.slice(0, length);
}
