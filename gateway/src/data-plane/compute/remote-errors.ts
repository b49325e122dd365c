import { GraphQLError } from 'graphql';

import { OperationError, type InputIssue, type OperationCode } from '../../engine/runtime.ts';
import { DocumentError, UndeterminedOperationError } from '../../graphql/document-error.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { RequestError, type RequestCode } from '../../platform/errors/request-error.ts';

/** An error in a form that can be sent to another thread. */
export type RemoteError =
  | {
      readonly kind: 'REQUEST';
      readonly code: RequestCode;
      readonly message: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'UNDETERMINED_OPERATION'; readonly message: string }
  | {
      readonly kind: 'OPERATION';
      readonly code: OperationCode;
      readonly message: string;
      readonly issues: readonly InputIssue[] | undefined;
      readonly fields: readonly string[] | undefined;
      readonly path: readonly (string | number)[] | undefined;
      /** The number of the statement's error that is the cause. */
      readonly statementError: number | null;
    }
  | {
      readonly kind: 'DOCUMENT';
      readonly errors: readonly [RemoteGraphqlError, ...RemoteGraphqlError[]];
    }
  | { readonly kind: 'GRAPHQL'; readonly error: RemoteGraphqlError }
  /** An error that a statement had on the main thread, and which keeps the original. */
  | { readonly kind: 'STATEMENT'; readonly number: number }
  | { readonly kind: 'UNEXPECTED'; readonly stack: string };

interface RemoteGraphqlError {
  readonly message: string;
  readonly locations: readonly { readonly line: number; readonly column: number }[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/**
 * Stands for an error of a statement, which ran on the main thread. Has the fields that `databaseErrorOf` reads.
 */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  readonly number: number;

  constructor(number: number, fields: Readonly<Record<string, string>>) {
    super('A statement failed.');
    this.number = number;
    Object.assign(this, fields);
  }
}

export function encodeError(error: unknown): RemoteError {
  if (error instanceof StatementError) return { kind: 'STATEMENT', number: error.number };
  if (error instanceof DocumentError) {
    const [first, ...more] = error.errors;
    return { kind: 'DOCUMENT', errors: [encodeGraphql(first), ...more.map(encodeGraphql)] };
  }
  if (error instanceof OperationError) {
    const { message, issues, fields, path, cause } = error;
    // Every operation error is created with a code from the engine's catalogue.
    const code = error.code as OperationCode;
    const statementError = cause instanceof StatementError ? cause.number : null;
    return { kind: 'OPERATION', code, message, issues, fields, path, statementError };
  }
  if (error instanceof UndeterminedOperationError) {
    return { kind: 'UNDETERMINED_OPERATION', message: error.message };
  }
  if (error instanceof RequestError) {
    const { message, headers } = error;
    // Every request error is created with a code from `requestCodes`.
    return { kind: 'REQUEST', code: error.code as RequestCode, message, headers };
  }
  if (error instanceof GraphQLError) return { kind: 'GRAPHQL', error: encodeGraphql(error) };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'UNEXPECTED', stack };
}

/** @param statementErrors the errors of the task's statements, by number */
export function decodeError(remote: RemoteError, statementErrors: readonly unknown[]): unknown {
  switch (remote.kind) {
    case 'STATEMENT':
      return statementErrors[remote.number];
    case 'REQUEST':
      return new RequestError(remote.code, remote.message, { headers: remote.headers });
    case 'UNDETERMINED_OPERATION':
      return new UndeterminedOperationError(remote.message);
    case 'OPERATION': {
      const { code, message, issues, fields, path, statementError } = remote;
      return new OperationError(code, message, {
        ...(issues === undefined ? {} : { issues }),
        ...(fields === undefined ? {} : { fields }),
        ...(statementError === null ? {} : { cause: statementErrors[statementError] }),
        path,
      });
    }
    case 'DOCUMENT': {
      const [first, ...more] = remote.errors;
      return new DocumentError([decodeGraphql(first), ...more.map(decodeGraphql)]);
    }
    case 'GRAPHQL':
      return decodeGraphql(remote.error);
    case 'UNEXPECTED':
      return new Error('The compute thread failed.', { cause: remote.stack });
    default:
      return assertNever(remote);
  }
}

function encodeGraphql({
  message,
  nodes,
  locations,
  extensions,
}: GraphQLError): RemoteGraphqlError {
  // The text of a parsed document is released, so locations come from the tokens: see `parseDocument`.
  const tokens = nodes?.flatMap(({ loc }) => (loc === undefined ? [] : [loc.startToken]));
  const places = tokens ?? locations ?? [];
  return {
    message,
    locations: places.map(({ line, column }) => ({ line, column })),
    extensions: { ...extensions },
  };
}

function decodeGraphql({ message, locations, extensions }: RemoteGraphqlError): GraphQLError {
  const error = new GraphQLError(message, { extensions: { ...extensions } });
  if (locations.length === 0) return error;
  return Object.defineProperty(error, 'locations', { value: locations, enumerable: true });
}
