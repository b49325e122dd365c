import { Kind, type ConstValueNode } from 'graphql';
import { numberOf } from '../../graphql/exact-number.ts';
import { assertNever } from '../../platform/assert-never.ts';
import {
  base64Text,
  dateText,
  instantText,
  isJsonNumber,
  longDecimalText,
  numberText,
  storableText,
  timeText,
  uuidText,
  writtenDecimalText,
  type JsonValue,
} from './scalar-values.ts';

interface ScalarTraits {
  /** The column type, as PostgreSQL's `format_type` prints it. */
  readonly columnType: string;
  /** The `@constraint` arguments that apply to the scalar. */
  readonly constraints: ConstraintFamily;
  /** Whether a field of this type can be in `@unique` and `@index`. */
  readonly indexable: boolean;
  /** A description of valid values, for hints and errors. */
  readonly expected: string;
  /**
   * Converts a default to the JSON form of the type. Returns null if the literal is not a value of the type.
   * @param isApplied whether the SDL was applied, possibly by an earlier version with fewer rules
   */
  readonly read: (node: ConstValueNode, isApplied: boolean) => JsonValue;
}

export type ConstraintFamily = 'TEXT' | 'NUMBER' | 'NONE';

/** All scalars of the schema language. Their GraphQL types are in `engine/api/scalars.ts`. */
export const scalars = {
  ID: {
    columnType: 'uuid',
    constraints: 'NONE',
    indexable: true,
    expected: 'a UUID, such as "0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e"',
    read: (node) => (node.kind === Kind.STRING ? uuidText(node.value) : null),
  },
  String: {
    columnType: 'text',
    constraints: 'TEXT',
    indexable: true,
    expected: 'a string in quotes, without NUL or unpaired surrogates',
    read: (node) => (node.kind === Kind.STRING ? storableText(node.value) : null),
  },
  Int: {
    columnType: 'integer',
    constraints: 'NUMBER',
    indexable: true,
    expected: 'a whole number from -2147483648 to 2147483647',
    read: (node) => {
      const text = node.kind === Kind.INT ? numberText('Int', node.value) : null;
      return text === null ? null : Number(text);
    },
  },
  Float: {
    columnType: 'double precision',
    constraints: 'NUMBER',
    indexable: true,
    expected: 'a number in the range of a 64-bit float',
    read: (node) => {
      const text =
        node.kind === Kind.INT || node.kind === Kind.FLOAT ? numberText('Float', node.value) : null;
      return text === null ? null : Number(text);
    },
  },
  Boolean: {
    columnType: 'boolean',
    constraints: 'NONE',
    indexable: true,
    expected: 'true or false',
    read: (node) => (node.kind === Kind.BOOLEAN ? node.value : null),
  },
  BigInt: {
    columnType: 'bigint',
    constraints: 'NUMBER',
    indexable: true,
    expected: 'a whole number from -9223372036854775808 to 9223372036854775807',
    read: (node) =>
      node.kind === Kind.INT || node.kind === Kind.STRING ? numberText('BigInt', node.value) : null,
  },
  Decimal: {
    columnType: 'numeric',
    constraints: 'NUMBER',
    indexable: true,
    expected: 'a decimal number of at most 100 characters when written without an exponent',
    read: (node, isApplied) => {
      const readText = isApplied ? longDecimalText : writtenDecimalText;
      return node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.STRING
        ? readText(node.value)
        : null;
    },
  },
  DateTime: {
    columnType: 'timestamp with time zone',
    constraints: 'NONE',
    indexable: true,
    expected:
      'a date and time in quotes, such as "2024-02-29T12:00:00Z", with at most 6 fractional digits, not counting trailing zeros',
    read: (node) => (node.kind === Kind.STRING ? instantText(node.value) : null),
  },
  Date: {
    columnType: 'date',
    constraints: 'NONE',
    indexable: true,
    expected: 'a date in quotes, such as "2024-02-29"',
    read: (node) => (node.kind === Kind.STRING ? dateText(node.value) : null),
  },
  Time: {
    columnType: 'time without time zone',
    constraints: 'NONE',
    indexable: true,
    expected:
      'a time of day in quotes, such as "18:30:00", with at most 6 fractional digits, not counting trailing zeros',
    read: (node) => (node.kind === Kind.STRING ? timeText(node.value) : null),
  },
  Bytes: {
    columnType: 'bytea',
    constraints: 'NONE',
    indexable: true,
    expected: 'base64 in quotes, with padding and without line breaks, such as "aGVsbG8="',
    read: (node) => (node.kind === Kind.STRING ? base64Text(node.value) : null),
  },
  JSON: {
    columnType: 'jsonb',
    constraints: 'NONE',
    indexable: false,
    expected: 'a JSON value other than null, with numbers in the range of a 64-bit float',
    read: (node, isApplied) => {
      const value = readJson(node, isApplied);
      return value === undefined ? null : value;
    },
  },
  UUID: {
    columnType: 'uuid',
    constraints: 'NONE',
    indexable: true,
    expected: 'a UUID, such as "0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e"',
    read: (node) => (node.kind === Kind.STRING ? uuidText(node.value) : null),
  },
} as const satisfies Readonly<Record<string, ScalarTraits>>;

export type ScalarName = keyof typeof scalars;

export type ColumnType = (typeof scalars)[ScalarName]['columnType'];

// `Object.keys` returns `string[]`, but `scalars` has exactly these keys.
export const scalarNames = Object.keys(scalars) as readonly ScalarName[];

export function isScalarName(name: string): name is ScalarName {
  return Object.hasOwn(scalars, name);
}

/**
 * The scalars that version 0.1 did not have. A schema can define a type or enum with one of these names. The definition
 * then replaces the scalar in this schema.
 */
const laterScalars: ReadonlySet<string> = new Set<ScalarName>(['Time', 'Bytes']);

export function isReplaceable(name: string): boolean {
  return laterScalars.has(name);
}

/** Returns a literal's JSON value, or `undefined` if jsonb would not store it exactly. */
function readJson(node: ConstValueNode, isApplied: boolean): JsonValue | undefined {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.BOOLEAN:
      return node.value;
    case Kind.STRING:
      return storableText(node.value) ?? undefined;
    case Kind.INT:
    case Kind.FLOAT: {
      const number = numberOf(node.value);
      if (typeof number === 'number' || isJsonNumber(number)) return number;
      // Earlier versions rounded all numbers.
      const rounded = Number(node.value);
      return isApplied && Number.isFinite(rounded) ? rounded : undefined;
    }
    case Kind.LIST:
      return wholeList(node.values.map((item) => readJson(item, isApplied)));
    case Kind.OBJECT: {
      const names = node.fields.map((field) => field.name.value);
      const values = wholeList(node.fields.map((field) => readJson(field.value, isApplied)));
      if (values === undefined || new Set(names).size < names.length) return undefined;
      return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
    }
    case Kind.ENUM:
      return undefined;
    default:
      return assertNever(node);
  }
}

function wholeList(values: readonly (JsonValue | undefined)[]): readonly JsonValue[] | undefined {
  const defined = values.filter((value) => value !== undefined);
  return defined.length === values.length ? defined : undefined;
}
