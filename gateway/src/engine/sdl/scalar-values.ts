import { Kind, type ConstValueNode } from 'graphql';
import { compareDecimals, decimalText, isWhole, parseDecimal } from './decimal.ts';
import type { JsonValue, ScalarName } from './model.ts';

/** The value in the type's JSON form, or null where the literal is none of the type's. */
type ReadLiteral = (node: ConstValueNode) => JsonValue;

/** How a default of each scalar is written, and what it means. */
export const scalarLiterals: Readonly<
  Record<ScalarName, { readonly expected: string; readonly read: ReadLiteral }>
> = {
  ID: {
    expected: 'a UUID in quotes',
    read: (node) => (node.kind === Kind.STRING ? uuidText(node.value) : null),
  },
  UUID: {
    expected: 'a UUID in quotes',
    read: (node) => (node.kind === Kind.STRING ? uuidText(node.value) : null),
  },
  String: {
    expected: 'a text in quotes, without the character NUL',
    read: (node) => (node.kind === Kind.STRING ? storableText(node.value) : null),
  },
  Int: {
    expected: 'a whole number from -2147483648 to 2147483647',
    read: (node) => {
      const text = node.kind === Kind.INT ? numberText('Int', node.value) : null;
      return text === null ? null : Number(text);
    },
  },
  Float: {
    expected: 'a number that fits 64 bits',
    read: (node) => {
      const text =
        node.kind === Kind.INT || node.kind === Kind.FLOAT ? numberText('Float', node.value) : null;
      return text === null ? null : Number(text);
    },
  },
  Boolean: {
    expected: 'true or false',
    read: (node) => (node.kind === Kind.BOOLEAN ? node.value : null),
  },
  BigInt: {
    expected: 'a whole number from -9223372036854775808 to 9223372036854775807',
    read: (node) =>
      node.kind === Kind.INT || node.kind === Kind.STRING ? numberText('BigInt', node.value) : null,
  },
  Decimal: {
    expected: 'a decimal number of at most 100 characters',
    read: (node) =>
      node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.STRING
        ? numberText('Decimal', node.value)
        : null,
  },
  Date: {
    expected: 'a date in quotes, such as "2024-02-29"',
    read: (node) => (node.kind === Kind.STRING ? dateText(node.value) : null),
  },
  DateTime: {
    expected: 'a time in quotes, such as "2024-02-29T12:00:00Z", with at most 6 digits of a second',
    read: (node) => (node.kind === Kind.STRING ? instantText(node.value) : null),
  },
  JSON: {
    expected: 'a JSON value other than null; whole numbers up to 2^53',
    read: (node) => {
      const value = readJson(node);
      return value === undefined ? null : value;
    },
  },
};

export type NumericScalar = 'Int' | 'Float' | 'BigInt' | 'Decimal';

const wholeRanges = {
  Int: ['-2147483648', '2147483647'],
  BigInt: ['-9223372036854775808', '9223372036854775807'],
} as const;

/** The plain text of a number that the type can hold, or null: `numberText('Int', '1e3')` is `1000`. */
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
  }
}

/** In small letters, as PostgreSQL writes it; null for what is none. */
export function uuidText(text: string): string | null {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return null;
  return text.toLowerCase();
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair. */
export function storableText(text: string): string | null {
  return text.includes('\0') || /\p{Surrogate}/u.test(text) ? null : text;
}

/** The text itself where it is a day of the calendar from year 1 to 9999, `2024-02-29`; else null. */
export function dateText(text: string): string | null {
  return isDate(text) ? text : null;
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null || text.startsWith('0000')) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** RFC 3339 → the same instant in UTC, with as many digits of a second as it needs; else null. */
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

/** `undefined` where the literal is no JSON that jsonb keeps exactly. */
function readJson(node: ConstValueNode): JsonValue | undefined {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.BOOLEAN:
      return node.value;
    case Kind.STRING:
      return storableText(node.value) ?? undefined;
    case Kind.INT:
      return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : undefined;
    case Kind.FLOAT:
      return Number.isFinite(Number(node.value)) ? Number(node.value) : undefined;
    case Kind.LIST:
      return wholeList(node.values.map(readJson));
    case Kind.OBJECT: {
      const names = node.fields.map((field) => field.name.value);
      const values = wholeList(node.fields.map((field) => readJson(field.value)));
      if (values === undefined || new Set(names).size < names.length) return undefined;
      return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
    }
    case Kind.ENUM:
      return undefined;
  }
}

function wholeList(values: readonly (JsonValue | undefined)[]): readonly JsonValue[] | undefined {
  const defined = values.filter((value) => value !== undefined);
  return defined.length === values.length ? defined : undefined;
}
