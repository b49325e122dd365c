import { jsonText, parseExactJson } from '../../graphql/exact-number.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { countOf } from '../../platform/count-of.ts';
import { constraintCheck, type ConstraintCheck } from '../sdl/constraint-check.ts';
import { compareDecimals, describePrecision, fitsPrecision, parseDecimal } from '../sdl/decimal.ts';
import type { FieldConstraint, Precision, ValueField, ValueType } from '../sdl/model.ts';
import { numberText, storableText, type NumericScalar } from '../sdl/scalar-values.ts';
import { arrayText, byteaText } from '../sql/quote.ts';
import type { PgValue } from '../sql/statement-runner.ts';

/** Checks a column's values and converts them for PostgreSQL. */
export interface ValueCodec {
  /** Returns the value to store or an error message. `value` was coerced by GraphQL and is not null. */
  readonly read: (value: unknown) => ValueReading;
  /** Converts the value to a parameter of a statement. */
  readonly toParameter: (value: unknown) => PgValue;
  /** Converts the value to a member of a JSON object for `json_to_recordset`. */
  readonly toMember: (value: unknown) => unknown;
  /** Converts a text that PostgreSQL returned to such a member. */
  readonly textToMember: (text: string) => unknown;
  /**
   * Returns the same text for two values if and only if they are equal for a unique key. A value is coerced, or a text
   * that PostgreSQL returned.
   */
  readonly canonical: (value: unknown) => string;
  /** Orders two values as PostgreSQL returns them as text: numbers by value, and other values by code unit. */
  readonly compare: (a: string, b: string) => number;
  /** Returns the value as PostgreSQL prints it in the details of an error. */
  readonly printed: (value: unknown) => string;
}

export type ValueReading =
  | { readonly ok: true; readonly value: unknown }
  /** `item` is the index of the invalid item if the value is a list. */
  | { readonly ok: false; readonly message: string; readonly item: number | null };

export function codecOf(field: ValueField): ValueCodec {
  const { type, constraint } = field;
  const item = codecOfType(type, constraint);
  if (!field.list) return item;
  const list = listOf(item);
  return type.name === 'JSON' ? { ...list, toMember: jsonListMember } : list;
}

/** The codec for single values. */
export function codecOfType(
  type: ValueType,
  constraint: FieldConstraint | null = null,
): ValueCodec {
  return type.kind === 'ENUM' ? plainCodec : scalarCodec(type, constraint);
}

/** The codec for values that the API's scalars have already checked. */
const plainCodec: ValueCodec = {
  read: good,
  toParameter: plainParameter,
  toMember: same,
  textToMember: same,
  canonical: String,
  compare: compareTexts,
  printed: String,
};

/** The codec for UUIDs. PostgreSQL ignores the case of a UUID. */
const idCodec: ValueCodec = {
  ...plainCodec,
  canonical: (value) => String(value).toLowerCase(),
  printed: (value) => String(value).toLowerCase(),
};

type ScalarType = Extract<ValueType, { readonly kind: 'SCALAR' }>;

const bytesCodec: ValueCodec = {
  ...plainCodec,
  toParameter: printedBytes,
  toMember: printedBytes,
  canonical: printedBytes,
  printed: printedBytes,
};

/** Base64 never starts with a backslash, so the value is base64 or what PostgreSQL printed. */
function printedBytes(value: unknown): string {
  const text = String(value);
  return text.startsWith('\\') ? text : byteaText(text);
}

function scalarCodec(
  { name: scalar, decimal }: ScalarType,
  constraint: FieldConstraint | null,
): ValueCodec {
  switch (scalar) {
    case 'String':
      return { ...plainCodec, read: textReader(constraint) };
    case 'JSON':
      return {
        ...plainCodec,
        toParameter: jsonText,
        // The space separates a number from what precedes it: see `parseExactJson`.
        textToMember: (text) => parseExactJson(` ${text}`).value,
        canonical: jsonText,
      };
    case 'Int':
    case 'Float':
    case 'BigInt':
    case 'Decimal':
      return {
        ...plainCodec,
        read: numberReader(constraint, decimal),
        canonical: (value) => canonicalNumber(scalar, value),
        compare: compareNumbers,
      };
    case 'ID':
    case 'UUID':
      return idCodec;
    case 'Boolean':
      return { ...plainCodec, printed: (value) => (String(value) === 'true' ? 't' : 'f') };
    case 'DateTime':
      return {
        ...plainCodec,
        canonical: printedInstant,
        printed: printedInstant,
      };
    case 'Date':
    case 'Time':
      return plainCodec;
    case 'Bytes':
      return bytesCodec;
    default:
      return assertNever(scalar);
  }
}

/** `1.50` and `1.5` are equal. */
function canonicalNumber(scalar: NumericScalar, value: unknown): string {
  return numberText(scalar, String(value)) ?? String(value);
}

/** `2024-02-29T12:00:00Z` → `2024-02-29 12:00:00+00` */
function printedInstant(value: unknown): string {
  return String(value).replace('T', ' ').replace('Z', '+00');
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumbers(a: string, b: string): number {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  return x === null || y === null ? compareTexts(a, b) : compareDecimals(x, y);
}

function listOf({ read, toParameter, toMember, canonical, compare }: ValueCodec): ValueCodec {
  return {
    read(value) {
      // GraphQL coerces a value of a list type to an array.
      const items = value as readonly unknown[];
      const values: unknown[] = [];
      for (const [index, item] of items.entries()) {
        const reading = read(item);
        if (!reading.ok) return { ...reading, item: index };
        values.push(reading.value);
      }
      return good(values);
    },
    toParameter(value) {
      // `read` returned an array.
      return (value as readonly unknown[]).map((item) => String(toParameter(item)));
    },
    toMember(value) {
      // `read` returned an array.
      return (value as readonly unknown[]).map(toMember);
    },
    textToMember: same,
    canonical(value) {
      // `read` returned an array.
      return JSON.stringify((value as readonly unknown[]).map(canonical));
    },
    compare,
    printed(value) {
      // `read` returned an array.
      return arrayText((value as readonly unknown[]).map((item) => String(toParameter(item))));
    },
  };
}

function same(value: unknown): unknown {
  return value;
}

/** Writes the list as an array literal, because PostgreSQL would read a nested JSON list as another dimension. */
function jsonListMember(value: unknown): string {
  // The `read` function in `listOf` returned an array.
  return arrayText((value as readonly unknown[]).map(jsonText));
}

/** Scalars other than `String` reject values that PostgreSQL cannot store: see engine/api/scalars.ts. */
function good(value: unknown): ValueReading {
  return { ok: true, value };
}

function bad(message: string): ValueReading {
  return { ok: false, message, item: null };
}

function plainParameter(value: unknown): PgValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  throw new Error('A coerced scalar must be a string, a number or a boolean.');
}

function textReader(constraint: FieldConstraint | null): ValueCodec['read'] {
  const check = constraint === null ? null : constraintCheck(constraint);
  return (value) => {
    const text = String(value);
    if (storableText(text) === null) {
      return bad('Text must not contain NUL or unpaired surrogates.');
    }
    return checked(text, text, check, constraint);
  };
}

/** PostgreSQL would round a number with too many digits. */
function numberReader(
  constraint: FieldConstraint | null,
  decimal: Precision | undefined,
): ValueCodec['read'] {
  if (constraint === null && decimal === undefined) return good;
  const check = constraint === null ? null : constraintCheck(constraint);
  return (value) => {
    const number = decimal === undefined ? null : parseDecimal(String(value));
    if (decimal !== undefined && number !== null && !fitsPrecision(number, decimal)) {
      return bad(`This must have ${describePrecision(decimal)}.`);
    }
    return checked(value, String(value), check, constraint);
  };
}

function checked(
  value: unknown,
  text: string,
  check: ConstraintCheck | null,
  constraint: FieldConstraint | null,
): ValueReading {
  const rule = check?.(text) ?? null;
  return rule === null || constraint === null
    ? good(value)
    : bad(violationMessage(rule, constraint));
}

function violationMessage(rule: keyof FieldConstraint, constraint: FieldConstraint): string {
  const limit = constraint[rule] ?? '';
  switch (rule) {
    case 'minLength':
      return `This must be at least ${countOf(limit, 'character')} long.`;
    case 'maxLength':
      return `This must be at most ${countOf(limit, 'character')} long.`;
    case 'pattern':
      return `This must match the pattern ${limit}.`;
    case 'format':
      return `This must have the format ${limit}.`;
    case 'min':
      return `This must be at least ${limit}.`;
    case 'max':
      return `This must be at most ${limit}.`;
    default:
      return assertNever(rule);
  }
}
