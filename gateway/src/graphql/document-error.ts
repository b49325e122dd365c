import type { GraphQLError } from 'graphql';

import { ClientError, type CodeMeaning } from '../platform/errors/client-error.ts';
import { RequestError } from '../platform/errors/request-error.ts';

/** The values of `extensions.code` for errors in a document or its variables. */
export const documentCodes = {
  GRAPHQL_PARSE_FAILED: { status: 400, transient: false },
  GRAPHQL_VALIDATION_FAILED: { status: 400, transient: false },
  BAD_USER_INPUT: { status: 400, transient: false },
  FORBIDDEN: { status: 403, transient: false },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type DocumentCode = keyof typeof documentCodes;

/** The code that the gateway assigned to a GraphQL error. Null if it assigned none. */
export function documentCodeOf({ extensions: { code } }: GraphQLError): DocumentCode | null {
  return isDocumentCode(code) ? code : null;
}

function isDocumentCode(code: unknown): code is DocumentCode {
  return typeof code === 'string' && Object.hasOwn(documentCodes, code);
}

/** The code for errors from GraphQL's own validation rules, which do not assign a code. */
export const uncoded = 'GRAPHQL_VALIDATION_FAILED';

/**
 * Thrown if a document or its variables do not match the schema. Contains GraphQL errors, each with a code and a
 * location. The response lists those errors instead of this one.
 */
export class DocumentError extends ClientError<DocumentCode> {
  override readonly name = 'DocumentError';
  readonly errors: readonly [GraphQLError, ...GraphQLError[]];

  constructor(errors: readonly [GraphQLError, ...GraphQLError[]]) {
    for (const { extensions } of errors) extensions['code'] ??= uncoded;
    const code = documentCodeOf(errors[0]) ?? uncoded;
    super(code, 'The document or its variables are not valid.', documentCodes[code]);
    this.errors = errors;
  }
}

/** The request does not determine which operation of its document to run (GraphQL, section 6.1, GetOperation). */
export class UndeterminedOperationError extends RequestError<'BAD_REQUEST'> {
  constructor(message: string) {
    super('BAD_REQUEST', message);
  }
}
