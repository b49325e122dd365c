import { GraphQLError, type ASTNode, type GraphQLErrorOptions, type Source } from 'graphql';

import { RequestError } from '../platform/errors/request-error.ts';
import type { DocumentCode } from './document-error.ts';

/** The catalogue of errors about GraphQL requests: their form, their size, and which operation they mean. */
export const documentErrors = {
  batching: () => new RequestError('BATCHING_NOT_SUPPORTED', 'Send one operation in each request.'),
  invalidJson: (what: string) =>
    new RequestError('BAD_REQUEST', `${what} is not valid JSON in UTF-8.`),
  nestedTooDeep: (what: string, limit: number) =>
    new RequestError('BAD_REQUEST', `${what} is nested more than ${limit} levels deep.`),
  noRequestObject: (what: string) =>
    new RequestError('BAD_REQUEST', `${what} must be a JSON object with "query".`),
  unknownMember: (what: string, known: readonly string[]) =>
    new RequestError('BAD_REQUEST', `${what} may have ${known.join(', ')}, but nothing else.`),
  queryNoText: () =>
    new RequestError('BAD_REQUEST', '"query" must be the text of a GraphQL document.'),
  operationNameNoText: () =>
    new RequestError('BAD_REQUEST', '"operationName" must be a text or null.'),
  memberNoObject: (name: string) =>
    new RequestError('BAD_REQUEST', `"${name}" must be an object or null.`),

  tooManyCharacters: (limit: number) =>
    new RequestError(
      'QUERY_TOO_LARGE',
      `The document has more than ${limit} characters. Send long values as variables.`,
    ),
  tooManyTokens: (limit: number) =>
    new RequestError('QUERY_TOO_LARGE', `The document has more than ${limit} tokens.`),
  tooDeep: (depth: number, limit: number) =>
    new RequestError(
      'QUERY_TOO_DEEP',
      `The fields are ${depth} levels deep; at most ${limit} are allowed.`,
    ),
  tooManyFields: (limit: number) => tooManyFields(limit, ''),
  tooManyIntrospectionFields: (limit: number) => tooManyFields(limit, ' of introspection'),
  tooCostly: (cost: number, limit: number) =>
    new RequestError(
      'QUERY_TOO_COMPLEX',
      `The answer could have ${Math.ceil(cost)} fields; at most ${limit} are allowed. Ask for smaller pages.`,
    ),
  tooMuchIntrospection: () =>
    new RequestError('QUERY_TOO_COMPLEX', 'This asks for too much of the schema at once.'),
  /** @param where of the argument: ` (line 1, column 9)`, or empty */
  pageTooLarge: (argument: string, limit: number, where: string) =>
    new RequestError(
      'BAD_USER_INPUT',
      `"${argument}" is at most ${limit}${where}; page on with cursors.`,
    ),
  fragmentCycle: (fragment: string) =>
    new RequestError(
      'GRAPHQL_VALIDATION_FAILED',
      `The fragment "${fragment}" is spread within itself.`,
    ),

  severalOperations: () =>
    new RequestError(
      'BAD_REQUEST',
      'The document has several operations; name one in "operationName".',
    ),
  noSuchOperation: () =>
    new RequestError(
      'BAD_REQUEST',
      'The document has no operation of the name in "operationName".',
    ),
  mutationByGet: () =>
    new RequestError('METHOD_NOT_ALLOWED', 'Send mutations by POST.', {
      headers: { allow: 'POST' },
    }),

  parseFailed: ({ message, positions }: GraphQLError, source: Source) =>
    coded('GRAPHQL_PARSE_FAILED', message, { source, positions }),
  variableNotValid: (message: string, definition: ASTNode) =>
    coded('BAD_USER_INPUT', message, { nodes: definition }),
  /** Never with the value, which may be long or a secret. */
  valueNotTaken: (message: string, node?: ASTNode) =>
    coded('BAD_USER_INPUT', message, node === undefined ? {} : { nodes: node }),
  forbiddenField: (message: string, node: ASTNode) => coded('FORBIDDEN', message, { nodes: node }),
} as const;

function tooManyFields(limit: number, what: string) {
  return new RequestError(
    'QUERY_TOO_COMPLEX',
    `With its fragments written out, a document may have at most ${limit} fields${what}.`,
  );
}

/** A GraphQL error, which has a place in the document, with one of the codes of `documentCodes`. */
export interface CodedGraphQLError<Code extends DocumentCode> extends GraphQLError {
  readonly extensions: { readonly code: Code };
}

function coded<Code extends DocumentCode>(
  code: Code,
  message: string,
  options: GraphQLErrorOptions,
): CodedGraphQLError<Code> {
  // The constructor keeps the extensions that it is given.
  return new GraphQLError(message, { ...options, extensions: { code } }) as CodedGraphQLError<Code>;
}
