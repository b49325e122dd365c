import { GraphQLError, Kind } from 'graphql';

import type { ControlPlaneCode } from '../control-plane/errors/errors.ts';
import { ExpectedError } from '../control-plane/errors/expected-error.ts';
import type { DataPlaneCode } from '../data-plane/errors.ts';
import { OperationError } from '../engine/runtime.ts';
import {
  documentCodeOf,
  documentCodes,
  DocumentError,
  UndeterminedOperationError,
  type DocumentCode,
} from '../graphql/document-error.ts';
import { assertNever } from '../platform/assert-never.ts';
import { databaseTrouble, type DatabaseTrouble } from '../platform/db/database-trouble.ts';
import { ClientError } from '../platform/errors/client-error.ts';
import { RequestError, requestCodes } from '../platform/errors/request-error.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';

/** An error as the client sees it: an entry in `errors`, and its effect on the HTTP response. */
export interface ShownError {
  readonly entry: {
    readonly message: string;
    readonly locations?: readonly Place[];
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>> & { readonly code: ShownCode };
  };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * True for an error in the document, its variables or the choice of the operation. A client that asks for
   * `application/json` then expects status 200 (GraphQL over HTTP, section 6.4.1).
   */
  readonly isGraphqlRequestError: boolean;
  /**
   * True for an error of a field that was executed, such as a violated constraint. False for a refusal and for a server
   * fault: if every field failed with such an error, the response has no data.
   */
  readonly isFieldError: boolean;
  /** The unexpected error to log. Null if the error was expected. */
  readonly surprise: { readonly cause: unknown } | null;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** The possible values of `extensions.code` in both planes. */
type ShownCode = ControlPlaneCode | DataPlaneCode | 'INTERNAL_SERVER_ERROR';

export interface MaskOptions {
  readonly requestId: string;
  /** Whether the error occurred in a mutation, which can have had an effect. @default false */
  readonly isMutation?: boolean;
}

/**
 * Decides how much of a thrown error the client sees. Client errors and GraphQL's own errors about the request are
 * shown unchanged. For every other error, the client gets a generic message.
 */
export function maskError(
  thrown: unknown,
  { requestId, isMutation = false }: MaskOptions,
): ShownError {
  const origin = originOf(thrown);
  const isBelowMutation = isMutation && isNested(thrown);
  if (isClientError(origin)) {
    const isTransient = origin.status === requestCodes.OVERLOADED.status;
    return isBelowMutation && isTransient
      ? showClientError(thrown, requestErrors.outcomeUnknown(origin))
      : showClientError(thrown, origin);
  }
  const trouble = databaseTrouble(origin);
  if (trouble !== null) {
    const mayHaveChanged = isBelowMutation || (isMutation && trouble === 'lost');
    const shown = showClientError(thrown, explainTrouble(trouble, origin, mayHaveChanged));
    return { ...shown, surprise: { cause: origin } };
  }
  const code = thrown instanceof GraphQLError ? codeOfClientsMistake(thrown, origin) : null;
  if (thrown instanceof GraphQLError && code !== null) {
    return show(thrown, {
      message: thrown.message,
      extensions: { code },
      status: documentCodes[code].status,
      isGraphqlRequestError: !thrown.path,
    });
  }
  return show(thrown, {
    message:
      'Something went wrong on our side. If the problem persists, report it and include the request ID.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    status: 500,
    surprise: { cause: origin },
  });
}

/** Reports whether the field is not a root field. In a mutation, its root field has then succeeded. */
function isNested(thrown: unknown): boolean {
  return thrown instanceof GraphQLError && (thrown.path?.length ?? 0) > 1;
}

function explainTrouble(trouble: DatabaseTrouble, cause: unknown, mayHaveChanged: boolean) {
  if (mayHaveChanged) return requestErrors.outcomeUnknown(cause);
  switch (trouble) {
    case 'conflict':
      return requestErrors.conflict();
    case 'busy':
      return requestErrors.overloaded();
    case 'unavailable':
    case 'lost':
      return requestErrors.databaseUnavailable(cause);
    default:
      return assertNever(trouble);
  }
}

/** Every `ClientError` has a code from its class's table. */
function isClientError(error: unknown): error is ClientError<ControlPlaneCode | DataPlaneCode> {
  return error instanceof ClientError;
}

function showClientError(
  thrown: unknown,
  error: ClientError<ControlPlaneCode | DataPlaneCode>,
): ShownError {
  const { code, message, status, transient, headers, extensions, path, cause } = error;
  const isFieldError = error instanceof OperationError || error instanceof ExpectedError;
  const isAboutDocument =
    error instanceof OperationError ||
    error instanceof DocumentError ||
    error instanceof UndeterminedOperationError ||
    code === 'GRAPHQL_VALIDATION_FAILED';
  const shown = show(thrown, {
    message,
    extensions: { code, ...extensions },
    status,
    headers,
    // A transient error keeps its status for every media type, so that proxies and clients can see that a retry might
    // succeed.
    isGraphqlRequestError: isAboutDocument && !transient,
    isFieldError,
    // An outage is expected, but operators must see its cause.
    surprise: error instanceof RequestError && cause !== undefined ? { cause } : null,
  });
  return path === undefined ? shown : { ...shown, entry: { ...shown.entry, path } };
}

/** Returns the error that was thrown first, without the wrappers that GraphQL adds to locate it. */
function originOf(thrown: unknown): unknown {
  let origin = thrown;
  while (origin instanceof GraphQLError && origin.originalError !== undefined) {
    origin = origin.originalError;
  }
  return origin;
}

/**
 * Returns the code for a GraphQL error that the client caused, or null for any other error. There are three kinds of
 * GraphQL error. Errors with a code were thrown deliberately. Errors in the document or its variables are caused by the
 * client. Errors about a resolver's return value are server faults, and their messages quote the value. Among errors
 * with a path, only those of the last kind have a field as their first node.
 */
function codeOfClientsMistake(thrown: GraphQLError, origin: unknown): DocumentCode | null {
  const code = documentCodeOf(thrown);
  if (code !== null) return code;
  if (thrown.path === undefined) return thrown.nodes === undefined ? null : 'BAD_USER_INPUT';
  const [node] = origin instanceof GraphQLError ? (origin.nodes ?? []) : [];
  return node === undefined || node.kind === Kind.FIELD ? null : 'BAD_USER_INPUT';
}

type Shown = Pick<ShownError, 'status'> &
  Pick<ShownError['entry'], 'message' | 'extensions'> &
  Partial<Pick<ShownError, 'headers' | 'isGraphqlRequestError' | 'isFieldError' | 'surprise'>>;

function show(thrown: unknown, { message, extensions, ...meaning }: Shown): ShownError {
  return {
    entry: {
      message: cut(message),
      ...(thrown instanceof GraphQLError ? placeOf(thrown) : {}),
      extensions,
    },
    headers: {},
    isGraphqlRequestError: false,
    isFieldError: false,
    surprise: null,
    ...meaning,
  };
}

/**
 * Returns the error's position in the document and its path in the response. Positions come from the nodes' tokens: see
 * `parseDocument`.
 */
function placeOf(error: GraphQLError): Pick<ShownError['entry'], 'locations' | 'path'> {
  const tokens = error.nodes?.map((node) => node.loc?.startToken).filter((token) => !!token);
  const places = tokens ?? error.locations ?? [];
  return {
    ...(places.length === 0
      ? {}
      : { locations: places.slice(0, maxPlaces).map(({ line, column }) => ({ line, column })) }),
    ...(error.path === undefined ? {} : { path: error.path }),
  };
}

/** Some graphql-js messages quote the input. */
const maxMessageLength = 1_000;

function cut(message: string): string {
  return message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
}

/** An error about a duplicate name can list every occurrence. */
const maxPlaces = 10;
