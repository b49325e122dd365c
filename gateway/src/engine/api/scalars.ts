import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  type ASTNode,
  type ValueNode,
} from 'graphql';
import type { Maybe } from 'graphql/jsutils/Maybe.js';
import { assertNever } from '../../platform/assert-never.ts';
import { documentErrors } from '../../graphql/document-errors.ts';
import { ExactNumber, numberOf } from '../../graphql/exact-number.ts';
import { requestLimits } from '../limits.ts';
import { limits } from '../sdl/limits.ts';
import type { ScalarName } from '../sdl/model.ts';
import {
  base64Text,
  dateText,
  instantText,
  isJsonNumber,
  numberText,
  shortDecimalText,
  storableText,
  timeText,
  uuidText,
  writtenDecimalText,
} from '../sdl/scalar-values.ts';
import { scalars } from '../sdl/scalars.ts';

interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  readonly expected: string;
  /** Returns the text to send to PostgreSQL, or null if `text` is not a valid value. */
  readonly read: (text: string) => string | null;
  /** The numbers that are accepted in addition to strings. */
  readonly numbers?: 'WHOLE' | 'ANY';
}

/** Creates a scalar whose values are strings, both in the API and in the parameters of statements. */
function textScalar(scalar: TextScalar): GraphQLScalarType<string, string> {
  const { name, description, specifiedByURL, expected, read, numbers } = scalar;
  const known = (text: string | null, node?: ASTNode): string => {
    const value = text === null ? null : read(text);
    if (value === null) throw documentErrors.valueNotTaken(`${name} must be ${expected}.`, node);
    return value;
  };
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL: specifiedByURL ?? null,
    parseValue(value) {
      if (typeof value === 'number' && numbers !== undefined) {
        return known(numbers === 'ANY' ? String(value) : safeText(value));
      }
      if (value instanceof ExactNumber && numbers === 'ANY') return known(value.text);
      return known(typeof value === 'string' ? value : null);
    },
    parseLiteral(node) {
      const isText =
        node.kind === Kind.STRING ||
        (node.kind === Kind.INT && numbers !== undefined) ||
        (node.kind === Kind.FLOAT && numbers === 'ANY');
      return known(isText ? node.value : null, node);
    },
  });
}

/** The number as text. Null for a whole number beyond 2^53, which a client in JavaScript might have rounded. */
function safeText(number: number): string | null {
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? null : String(number);
}

/**
 * The `JSON` scalar. Its values are JavaScript values, which `jsonText` converts to text when they are bound. GraphQL
 * handles a top-level null.
 */
const jsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: `Any JSON value, up to ${requestLimits.jsonDepth} levels deep.`,
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (value) => storable(value),
  parseLiteral: (node, variables) => storable(valueOf(node, variables), node),
});

function storable(value: unknown, node?: ValueNode): unknown {
  const problem = problemOf(value);
  if (problem !== null) throw documentErrors.valueNotTaken(`JSON must ${problem}.`, node);
  return value;
}

/** Returns the violated rule, or null. Visits one level at a time, because recursion could overflow the stack. */
function problemOf(value: unknown): string | null {
  const { jsonDepth } = requestLimits;
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const each of level) {
      const problem = leafProblem(each);
      if (problem !== null) return problem;
      if (typeof each !== 'object' || each === null || each instanceof ExactNumber) continue;
      if (depth === jsonDepth) return `be at most ${jsonDepth} levels deep`;
      if (!Array.isArray(each)) for (const name of Object.keys(each)) next.push(name);
      for (const inner of Object.values(each)) next.push(inner);
    }
    level = next;
  }
  return null;
}

function leafProblem(value: unknown): string | null {
  if (typeof value === 'string') {
    return storableText(value) === null ? 'not contain NUL or unpaired surrogates' : null;
  }
  const isTaken =
    value instanceof ExactNumber
      ? isJsonNumber(value)
      : typeof value !== 'number' || Number.isFinite(value);
  return isTaken ? null : numberProblem;
}

const numberProblem = `not contain numbers outside the range of a 64-bit float, or with more than ${limits.jsonNumberLength} characters when written without an exponent`;

/**
 * The value of a literal. A literal can contain variables, and the GraphQL specification lets each scalar decide how to
 * handle them.
 */
function valueOf(node: ValueNode, variables: Maybe<Readonly<Record<string, unknown>>>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.FLOAT:
    case Kind.INT:
      return numberOf(node.value);
    case Kind.ENUM:
      throw documentErrors.valueNotTaken('Strings in JSON must be in quotes.', node);
    case Kind.LIST:
      return node.values.map((item) => valueOf(item, variables) ?? null);
    case Kind.OBJECT: {
      const entries = node.fields.map(
        ({ name, value }) => [name.value, valueOf(value, variables)] as const,
      );
      // A field whose variable is absent is omitted, as in an input object.
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      return assertNever(node);
  }
}

/**
 * GraphQL's `Float`. Unlike graphql-js's own scalar, it rejects literals outside the range of a 64-bit float, as the
 * GraphQL specification requires (section 3.5.2).
 */
const floatScalar = new GraphQLScalarType({
  ...GraphQLFloat.toConfig(),
  parseValue: (value) =>
    finite(
      value instanceof ExactNumber ? Number(value.text) : typeof value === 'number' ? value : null,
    ),
  parseLiteral: (node) =>
    finite(node.kind === Kind.INT || node.kind === Kind.FLOAT ? Number(node.value) : null, node),
});

function finite(number: number | null, node?: ValueNode): number {
  if (number !== null && Number.isFinite(number)) return number;
  throw documentErrors.valueNotTaken(`Float must be ${scalars.Float.expected}.`, node);
}

const rfc3339 = 'https://www.rfc-editor.org/rfc/rfc3339';
const rfc4648 = 'https://www.rfc-editor.org/rfc/rfc4648';
const rfc9562 = 'https://www.rfc-editor.org/rfc/rfc9562';

/**
 * The scalars of the API. Their parsed values are sent to PostgreSQL unchanged, except JSON, which is a JavaScript value
 * that can contain an `ExactNumber`.
 *
 * `String` is graphql-js's own scalar, because introspection requires that object. `String` accepts strings that
 * PostgreSQL cannot store, so code that binds them must call `storableText`. `Decimal` keeps trailing zeros: `1.50`
 * stays `1.50`.
 */
export const apiScalars: Readonly<Record<ScalarName, GraphQLScalarType>> = {
  ID: textScalar({
    name: 'ID',
    description: 'A UUID, returned in lower case. Ids that the API generates are UUIDv7.',
    specifiedByURL: rfc9562,
    expected: scalars.ID.expected,
    read: uuidText,
  }),
  UUID: textScalar({
    name: 'UUID',
    description: 'A UUID, returned in lower case.',
    specifiedByURL: rfc9562,
    expected: scalars.UUID.expected,
    read: uuidText,
  }),
  String: GraphQLString,
  Int: GraphQLInt,
  Float: floatScalar,
  Boolean: GraphQLBoolean,
  BigInt: textScalar({
    name: 'BigInt',
    description:
      'A 64-bit integer. Returned as a string so that no precision is lost in JSON. Accepts a string or a number.',
    expected: `${scalars.BigInt.expected}, in quotes if it is beyond 2^53`,
    read: (text) => numberText('BigInt', text),
    numbers: 'WHOLE',
  }),
  Decimal: textScalar({
    name: 'Decimal',
    description: 'An exact decimal number. Returned as a string. Accepts a string or a number.',
    expected: scalars.Decimal.expected,
    read: (text) => {
      const short = shortDecimalText(text);
      return writtenDecimalText(short) === null ? null : short;
    },
    numbers: 'ANY',
  }),
  DateTime: textScalar({
    name: 'DateTime',
    description:
      'A date and time, as an RFC 3339 string with an offset and microsecond precision. Returned in UTC: `2030-01-31T12:00:00+00:00`.',
    specifiedByURL: rfc3339,
    expected: scalars.DateTime.expected,
    read: instantText,
  }),
  Date: textScalar({
    name: 'Date',
    description: 'A calendar date, such as `2024-02-29`.',
    specifiedByURL: rfc3339,
    expected: scalars.Date.expected,
    read: dateText,
  }),
  Time: textScalar({
    name: 'Time',
    description:
      'A time of day without a date and an offset, such as `18:30:00`, with microsecond precision.',
    specifiedByURL: rfc3339,
    expected: scalars.Time.expected,
    read: timeText,
  }),
  Bytes: textScalar({
    name: 'Bytes',
    description: 'Binary data in base64, with padding and without line breaks: `aGVsbG8=`.',
    specifiedByURL: rfc4648,
    expected: scalars.Bytes.expected,
    read: base64Text,
  }),
  JSON: jsonScalar,
};

export const cursorScalar = textScalar({
  name: 'Cursor',
  description:
    'A position in a sorted list: a string from `cursor`, `startCursor` or `endCursor`. It is valid only with the same `orderBy`.',
  expected: 'a cursor that this API returned',
  read: (text) => (/^[\w-]+$/.test(text) ? text : null),
});
