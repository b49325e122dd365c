import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  type ASTNode,
} from 'graphql';
import type { ScalarName } from '../sdl/model.ts';
import { dateText, instantText, numberText, uuidText } from '../sdl/scalar-values.ts';
import { scalars } from '../sdl/scalars.ts';
import { jsonScalar } from './json-scalar.ts';
import { documentErrors } from '../../graphql/document-errors.ts';

interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  readonly expected: string;
  /** The text for PostgreSQL, or null for what is no value of the type. */
  readonly read: (text: string) => string | null;
  /** Which numbers are taken beside texts. */
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

/** Null for a number of which JSON has lost digits. */
function exactText(number: number): string | null {
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? null : String(number);
}

const rfc3339 = 'https://www.rfc-editor.org/rfc/rfc3339';
const rfc9562 = 'https://www.rfc-editor.org/rfc/rfc9562';

/**
 * The API's scalars. What parsing one gives goes to PostgreSQL as it is; of JSON it is the JavaScript value.
 *
 * `String` is GraphQL's own, since introspection needs that very one. It lets pass what PostgreSQL cannot store, so
 * that whoever sends its values asks `storableText`. `Decimal` keeps its digits, so that `1.50` is not answered as `1.5`.
 */
export const apiScalars: Readonly<Record<ScalarName, GraphQLScalarType>> = {
  ID: textScalar({
    name: 'ID',
    description: 'A UUID; in answers in small letters. Ids that the API makes are of version 7.',
    specifiedByURL: rfc9562,
    expected: scalars.ID.expected,
    read: uuidText,
  }),
  UUID: textScalar({
    name: 'UUID',
    description: 'A UUID; in answers in small letters.',
    specifiedByURL: rfc9562,
    expected: scalars.UUID.expected,
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
    expected: `${scalars.BigInt.expected}, in quotes where it is beyond 2^53`,
    read: (text) => numberText('BigInt', text),
    numbers: 'WHOLE',
  }),
  Decimal: textScalar({
    name: 'Decimal',
    description: 'A decimal number, exact. Answered as a text; taken as a text or a number.',
    expected: `${scalars.Decimal.expected}, in quotes where it has many digits`,
    read: (text) => (numberText('Decimal', text) === null ? null : text),
    numbers: 'ANY',
  }),
  DateTime: textScalar({
    name: 'DateTime',
    description:
      'A moment, as an RFC 3339 text with an offset, to the microsecond. Answered in UTC: `2030-01-31T12:00:00+00:00`.',
    specifiedByURL: rfc3339,
    expected: scalars.DateTime.expected,
    read: instantText,
  }),
  Date: textScalar({
    name: 'Date',
    description: 'A day of the calendar, such as `2024-02-29`.',
    specifiedByURL: rfc3339,
    expected: scalars.Date.expected,
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
