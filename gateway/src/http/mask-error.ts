import { GraphQLError, Kind } from 'graphql';

import type { ControlPlaneCode } from '../control-plane/errors/errors.ts';
import type { DataPlaneCode } from '../data-plane/errors.ts';
import { OperationError } from '../engine/runtime.ts';
import {
  documentCodeOf,
  documentCodes,
  DocumentError,
  type DocumentCode,
} from '../graphql/document-error.ts';
import { databaseTrouble } from '../platform/db/database-trouble.ts';
import { ClientError } from '../platform/errors/client-error.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';

/** What a client is shown of an error: an entry of `errors`, and what it means for the HTTP answer. */
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
   * A word on the document, its variables or what they ask for. A client that asks for `application/json` expects
   * 200 with it (GraphQL over HTTP, section 6.4.1).
   */
  readonly isGraphqlRequestError: boolean;
  /** What nobody foresaw, for the log; null for what the client is told. */
  readonly surprise: { readonly cause: unknown } | null;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** What `extensions.code` can be, in either plane. */
type ShownCode = ControlPlaneCode | DataPlaneCode | 'INTERNAL_SERVER_ERROR';

/**
 * Decides what a client sees of whatever was thrown: client errors as they are, what GraphQL says about the request
 * as it says it, and of all else only that something happened.
 */
export function maskError(thrown: unknown, requestId: string): ShownError {
  const origin = originOf(thrown);
  if (isClientError(origin)) return showClientError(thrown, origin);
  const trouble = databaseTrouble(origin);
  if (trouble !== null) {
    const told = trouble === 'conflict' ? requestErrors.conflict() : requestErrors.overloaded();
    return { ...showClientError(thrown, told), surprise: { cause: origin } };
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
    message: 'Something went wrong on our side. If it stays so, report it with the request id.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    status: 500,
    surprise: { cause: origin },
  });
}

/** Every client error has its code from the table of its class. */
function isClientError(error: unknown): error is ClientError<ControlPlaneCode | DataPlaneCode> {
  return error instanceof ClientError;
}

function showClientError(
  thrown: unknown,
  error: ClientError<ControlPlaneCode | DataPlaneCode>,
): ShownError {
  const { code, message, status, transient, headers, extensions, path } = error;
  const isAboutOperation = error instanceof OperationError || error instanceof DocumentError;
  const shown = show(thrown, {
    message,
    extensions: { code, ...extensions },
    status,
    headers,
    // Proxies and clients should know what may succeed another time by the status, whatever the media type.
    isGraphqlRequestError: isAboutOperation && !transient,
  });
  return path === undefined ? shown : { ...shown, entry: { ...shown.entry, path } };
}

/** What was thrown first, under the places that GraphQL adds on the way up. */
function originOf(thrown: unknown): unknown {
  let origin = thrown;
  while (origin instanceof GraphQLError && origin.originalError !== undefined) {
    origin = origin.originalError;
  }
  return origin;
}

/**
 * GraphQL errors come from three sides: those with a code were thrown on purpose; those that complain about
 * the document or its variables are the client's; and those about what a resolver returned are ours, and
 * quote it. Only the last kind names a field's node alone.
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
  Partial<Pick<ShownError, 'headers' | 'isGraphqlRequestError' | 'surprise'>>;

function show(thrown: unknown, { message, extensions, ...meaning }: Shown): ShownError {
  return {
    entry: {
      message: cut(message),
      ...(thrown instanceof GraphQLError ? placeOf(thrown) : {}),
      extensions,
    },
    headers: {},
    isGraphqlRequestError: false,
    surprise: null,
    ...meaning,
  };
}

/** Where in the document and in the answer. Nodes are asked by their tokens: see `parseDocument`. */
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

/** Some of GraphQL's messages repeat what they complain about. */
const maxMessageLength = 1_000;

function cut(message: string): string {
  return message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
}

/** A name that stands twice may stand a thousand times. */
const maxPlaces = 10;
