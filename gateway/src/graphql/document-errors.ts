import { GraphQLError, type ASTNode, type GraphQLErrorOptions, type Source } from 'graphql';

import { RequestError } from '../platform/errors/request-error.ts';
import { UndeterminedOperationError, type DocumentCode } from './document-error.ts';

/** Errors about the format and size of GraphQL requests, and about selecting an operation. */
export const documentErrors = {
  batching: () =>
    new RequestError(
      'BATCHING_NOT_SUPPORTED',
      'Batching is not supported. Send one operation per request.',
    ),
  invalidJson: (what: string) =>
    new RequestError('BAD_REQUEST', `${what} must be valid JSON encoded in UTF-8.`),
  jsonLimit: (what: string, exceeded: 'depth' | 'members' | 'values', limit: number) =>
    new RequestError(
      exceeded === 'depth' ? 'BAD_REQUEST' : 'PAYLOAD_TOO_LARGE',
      `${what} ${jsonLimitTexts[exceeded](limit)}`,
    ),
  noRequestObject: (what: string) =>
    new RequestError('BAD_REQUEST', `${what} must be a JSON object with a "query" member.`),
  unknownMember: (what: string, known: readonly string[]) =>
    new RequestError(
      'BAD_REQUEST',
      `${what} has an unknown member. The allowed members are ${known.join(', ')}.`,
    ),
  queryNoText: () =>
    new RequestError('BAD_REQUEST', '"query" must be a string that contains a GraphQL document.'),
  operationNameNoText: () =>
    new RequestError('BAD_REQUEST', '"operationName" must be a string or null.'),
  memberNoObject: (name: string) =>
    new RequestError('BAD_REQUEST', `"${name}" must be an object or null.`),

  tooManyCharacters: (limit: number) =>
    new RequestError(
      'QUERY_TOO_LARGE',
      `The document has more than ${limit} characters. Send long values as variables.`,
    ),
  tooManyTokens: (limit: number) =>
    new RequestError(
      'QUERY_TOO_LARGE',
      `The document has more than ${limit} tokens. Send long values as variables, or split the document.`,
    ),
  tooDeep: (depth: number, limit: number) =>
    new RequestError(
      'QUERY_TOO_DEEP',
      `The document is ${depth} levels deep. The maximum is ${limit}. Request the inner levels separately, by their keys.`,
    ),
  bracketsTooDeep: (limit: number) =>
    new RequestError(
      'QUERY_TOO_DEEP',
      `Brackets can be nested at most ${limit} levels deep. Send nested values as variables.`,
    ),
  tooManySameFields: () =>
    new RequestError(
      'QUERY_TOO_COMPLEX',
      'Too many fields have the same name or alias in the same object. Remove the duplicates.',
    ),
  tooManyFields: (limit: number) => tooManyFields(limit, ''),
  tooManyIntrospectionFields: (limit: number) => tooManyFields(limit, 'introspection '),
  tooCostly: (cost: number, limit: number) =>
    new RequestError(
      'QUERY_TOO_COMPLEX',
      `The response could have ${Math.ceil(cost)} fields. The maximum is ${limit}. Request smaller pages.`,
    ),
  tooMuchIntrospection: () =>
    new RequestError(
      'QUERY_TOO_COMPLEX',
      'The introspection query is too large. Split it into several requests.',
    ),
  /** @param where the location of the argument: ` (line 1, column 9)`, or an empty string */
  pageTooLarge: (argument: string, limit: number, where: string) =>
    new RequestError(
      'BAD_USER_INPUT',
      `"${argument}" must be at most ${limit}${where}. Use cursors to get more items.`,
    ),
  fragmentCycle: (fragment: string) =>
    new RequestError(
      'GRAPHQL_VALIDATION_FAILED',
      `The fragment "${fragment}" cannot be spread within itself.`,
    ),

  severalOperations: () =>
    new UndeterminedOperationError(
      'The document has several operations. Set "operationName" to the one to run.',
    ),
  noSuchOperation: () =>
    new UndeterminedOperationError(
      'The document does not contain the operation named in "operationName".',
    ),
  mutationByGet: () =>
    new RequestError('METHOD_NOT_ALLOWED', 'Send mutations with POST.', {
      headers: { allow: 'POST' },
    }),

  parseFailed: ({ message, positions }: GraphQLError, source: Source) =>
    coded('GRAPHQL_PARSE_FAILED', message, { source, positions }),
  variableNotValid: (message: string, definition: ASTNode) =>
    coded('BAD_USER_INPUT', message, { nodes: definition }),
  /** The message must not contain the value, which may be long or secret. */
  valueNotTaken: (message: string, node?: ASTNode) =>
    coded('BAD_USER_INPUT', message, node === undefined ? {} : { nodes: node }),
  forbiddenField: (message: string, node: ASTNode) => coded('FORBIDDEN', message, { nodes: node }),
} as const;

function tooManyFields(limit: number, kind: string) {
  return new RequestError(
    'QUERY_TOO_COMPLEX',
    `A document can have at most ${limit} ${kind}fields after its fragments are expanded. Split it into several requests.`,
  );
}

/** A GraphQL error with a code from `documentCodes` and its location in the document. */
export interface CodedGraphQLError<Code extends DocumentCode> extends GraphQLError {
  readonly extensions: { readonly code: Code };
}

function coded<Code extends DocumentCode>(
  code: Code,
  message: string,
  options: GraphQLErrorOptions,
): CodedGraphQLError<Code> {
  // The cast is safe: the constructor keeps the given extensions.
  return new GraphQLError(message, { ...options, extensions: { code } }) as CodedGraphQLError<Code>;
}

const jsonLimitTexts = {
  depth: (limit: number) => `is nested more than ${limit} levels deep. Use fewer levels.`,
  members: (limit: number) =>
    `contains an object with more than ${limit} members. Use several objects, or several requests.`,
  values: (limit: number) => `contains more than ${limit} values. Send several smaller requests.`,
} as const;
