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
import { requestLimits } from '../limits.ts';
import type { ScalarName } from '../sdl/model.ts';
import {
  dateText,
  instantText,
  numberText,
  scalarLiterals,
  storableText,
  uuidText,
} from '../sdl/scalar-values.ts';

interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  readonly expected: string;
  /** The text for PostgreSQL, or null for a text that is not a value of the type. */
  readonly read: (text: string) => string | null;
  /** Which numbers are accepted besides texts. */
  readonly numbers?: 'WHOLE' | 'ANY';
}

/** A scalar whose values are texts, in the API as in a statement's parameters. */
function textScalar(scalar: TextScalar): GraphQLScalarType<string, string> {
  const { name, description, specifiedByURL, expected, read, numbers } = scalar;
  const known = (text: string | null, node?: ASTNode): string => {
    const value = text === null ? null : read(text);
    if (value === null) throw documentErrors.valueNotTaken(`${name} takes ${expected}.`, node);
    return value;
  };
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL: specifiedByURL ?? null,
    parseValue(value) {
      if (typeof value === 'number' && numbers !== undefined) return known(exactText(value));
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

/** Null for a number beyond 2^53, which JSON may have rounded. */
function exactText(number: number): string | null {
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? null : String(number);
}

/** Parsing gives the JavaScript value, which becomes text when it is bound. GraphQL handles a bare null itself. */
const jsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: `Any JSON value, up to ${requestLimits.jsonDepth} levels deep.`,
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (value) => storable(value),
  parseLiteral: (node, variables) => storable(valueOf(node, variables), node),
});

function storable(value: unknown, node?: ValueNode): unknown {
  const problem = problemOf(value);
  if (problem !== null) throw documentErrors.valueNotTaken(`JSON takes ${problem}.`, node);
  return value;
}

/** Visits level by level, because recursion would overflow the stack on a value that is too deep. */
function problemOf(value: unknown): string | null {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > requestLimits.jsonDepth)
      return `values at most ${requestLimits.jsonDepth} levels deep`;
    const next: unknown[] = [];
    for (const each of level) {
      if (typeof each === 'string' && storableText(each) === null) {
        return 'texts without the character NUL and without half of a surrogate pair';
      }
      if (typeof each === 'number' && !Number.isFinite(each)) return 'numbers that fit 64 bits';
      if (typeof each !== 'object' || each === null) continue;
      if (!Array.isArray(each)) for (const name of Object.keys(each)) next.push(name);
      for (const inner of Object.values(each)) next.push(inner);
    }
    level = next;
  }
  return null;
}

/** Variables may appear inside a JSON literal: the GraphQL specification leaves this to the scalar. */
function valueOf(node: ValueNode, variables: Maybe<Readonly<Record<string, unknown>>>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.INT: {
      const number = Number(node.value);
      if (Number.isSafeInteger(number)) return number;
      throw documentErrors.valueNotTaken(
        'JSON takes whole numbers up to 2^53; write larger ones as texts.',
        node,
      );
    }
    case Kind.ENUM:
      throw documentErrors.valueNotTaken('JSON takes texts in quotes.', node);
    case Kind.LIST:
      return node.values.map((item) => valueOf(item, variables) ?? null);
    case Kind.OBJECT: {
      const entries = node.fields.map(
        ({ name, value }) => [name.value, valueOf(value, variables)] as const,
      );
      // An absent variable leaves its field absent, as in an input object.
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      return assertNever(node);
  }
}

const rfc3339 = 'https://www.rfc-editor.org/rfc/rfc3339';
const rfc9562 = 'https://www.rfc-editor.org/rfc/rfc9562';

/**
 * The API's scalars. Their parsed values are sent to PostgreSQL unchanged, except JSON, which is a JavaScript value.
 *
 * `String` is GraphQL's own, because introspection requires that object. It accepts texts that PostgreSQL cannot
 * store, so code that binds them must call `storableText`. `Decimal` keeps its digits: `1.50` does not become `1.5`.
 */
export const apiScalars: Readonly<Record<ScalarName, GraphQLScalarType>> = {
  ID: textScalar({
    name: 'ID',
    description: 'A UUID; in answers in small letters. Ids that the API makes are of version 7.',
    specifiedByURL: rfc9562,
    expected: scalarLiterals.ID.expected,
    read: uuidText,
  }),
  UUID: textScalar({
    name: 'UUID',
    description: 'A UUID; in answers in small letters.',
    specifiedByURL: rfc9562,
    expected: scalarLiterals.UUID.expected,
    read: uuidText,
  }),
  String: GraphQLString,
  Int: GraphQLInt,
  Float: GraphQLFloat,
  Boolean: GraphQLBoolean,
  BigInt: textScalar({
    name: 'BigInt',
    description:
      'A whole number of 64 bits. Answered as a text, since JSON has no numbers as large; taken as either.',
    expected: `${scalarLiterals.BigInt.expected}, in quotes where it is beyond 2^53`,
    read: (text) => numberText('BigInt', text),
    numbers: 'WHOLE',
  }),
  Decimal: textScalar({
    name: 'Decimal',
    description: 'A decimal number, exact. Answered as a text; taken as a text or a number.',
    expected: `${scalarLiterals.Decimal.expected}, in quotes where it has many digits`,
    read: (text) => (numberText('Decimal', text) === null ? null : text),
    numbers: 'ANY',
  }),
  DateTime: textScalar({
    name: 'DateTime',
    description:
      'A moment, as an RFC 3339 text with an offset, to the microsecond. Answered in UTC: `2030-01-31T12:00:00+00:00`.',
    specifiedByURL: rfc3339,
    expected: scalarLiterals.DateTime.expected,
    read: instantText,
  }),
  Date: textScalar({
    name: 'Date',
    description: 'A day of the calendar, such as `2024-02-29`.',
    specifiedByURL: rfc3339,
    expected: scalarLiterals.Date.expected,
    read: dateText,
  }),
  JSON: jsonScalar,
};

export const cursorScalar = textScalar({
  name: 'Cursor',
  description:
    'A place in an ordered list: a text from `cursor`, `startCursor` or `endCursor`. It holds for the same `orderBy` only.',
  expected: 'a cursor that this API gave',
  read: (text) => (/^[\w-]+$/.test(text) ? text : null),
});
