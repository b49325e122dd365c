import { assertNever } from '../../platform/assert-never.ts';
import { compareDecimals, decimalText, isWhole, parseDecimal } from './decimal.ts';

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

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

/** Converts an RFC 3339 timestamp to UTC, without trailing zeros in the fraction. Null if the text is invalid. */
export function instantText(text: string): string | null {
  const match =
    /^(\d{4}-\d{2}-\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d{1,6}))?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(
      text,
    );
  if (match === null || !isDate(match[1] ?? '')) return null;
  const withoutFraction = text.replace(/\.\d+/, '').toUpperCase();
  const instant = new Date(withoutFraction);
  const year = Number.isNaN(instant.getTime()) ? 0 : instant.getUTCFullYear();
  if (year < 1 || year > 9999) return null;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  return instant.toISOString().replace('.000Z', fraction === '' ? 'Z' : `.${fraction}Z`);
}
