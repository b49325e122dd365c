import { GraphQLError, Kind } from 'graphql';

import { InputError, RequestError } from '../engine/runtime.ts';
import { databaseTrouble } from '../platform/db/database-trouble.ts';
import { errors } from '../platform/errors/errors.ts';
import { ExpectedError, ValidationError } from '../platform/errors/expected-error.ts';
import { Refusal, refusalStatus } from '../platform/errors/refusal.ts';

/** What a client is shown of an error: an entry of `errors`, and what it means for the HTTP answer. */
export interface ShownError {
  readonly entry: {
    readonly message: string;
    readonly locations?: readonly Place[];
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
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

/**
 * Decides what a client sees of whatever was thrown: refusals and expected errors as they are, what GraphQL
 * says about the request as it says it, and of all else only that something happened.
 */
export function maskError(thrown: unknown, requestId: string): ShownError {
  const origin = originOf(thrown);
  if (origin instanceof Refusal) {
    return show(thrown, origin.message, { code: origin.code }, { headers: origin.headers });
  }
  if (origin instanceof ExpectedError) {
    const issues = origin instanceof ValidationError ? { issues: origin.issues } : {};
    return show(thrown, origin.message, { code: origin.code, ...issues });
  }
  if (origin instanceof RequestError || origin instanceof InputError) {
    return showRequestError(thrown, origin);
  }
  const trouble = databaseTrouble(origin);
  if (trouble !== null) {
    const { code, message, headers } =
      trouble === 'conflict' ? errors.conflict() : errors.overloaded();
    return show(thrown, message, { code }, { headers, surprise: { cause: origin } });
  }
  const code = thrown instanceof GraphQLError ? codeOfClientsMistake(thrown, origin) : null;
  if (thrown instanceof GraphQLError && code !== null) {
    return show(thrown, thrown.message, { code }, { isGraphqlRequestError: !thrown.path });
  }
  return show(
    thrown,
    'Something went wrong on our side. If it stays so, report it with the request id.',
    { code: 'INTERNAL_SERVER_ERROR', requestId },
    { surprise: { cause: origin } },
  );
}

/** What a project's API says of a request: all of it is for the client. */
function showRequestError(thrown: unknown, error: RequestError | InputError): ShownError {
  const { issues, message } = error;
  const { code, fields, path } =
    error instanceof RequestError
      ? error
      : { code: 'BAD_USER_INPUT', fields: undefined, path: undefined };
  const extensions = {
    code,
    ...(issues === undefined ? {} : { issues }),
    ...(fields === undefined ? {} : { fields }),
  };
  const shown = show(thrown, message, extensions, {
    isGraphqlRequestError: !transientCodes.has(code),
  });
  return path === undefined ? shown : { ...shown, entry: { ...shown.entry, path } };
}

/** They say nothing of the request: another time it may succeed, and proxies and clients should know that. */
const transientCodes: ReadonlySet<string> = new Set(['TIMEOUT', 'OVERLOADED', 'RATE_LIMITED']);

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
function codeOfClientsMistake(thrown: GraphQLError, origin: unknown): string | null {
  if (typeof thrown.extensions.code === 'string') return thrown.extensions.code;
  if (thrown.path === undefined) return thrown.nodes === undefined ? null : 'BAD_USER_INPUT';
  const [node] = origin instanceof GraphQLError ? (origin.nodes ?? []) : [];
  return node === undefined || node.kind === Kind.FIELD ? null : 'BAD_USER_INPUT';
}

type ShownFlags = Partial<Pick<ShownError, 'headers' | 'isGraphqlRequestError' | 'surprise'>>;

function show(
  thrown: unknown,
  message: string,
  extensions: ShownError['entry']['extensions'],
  flags: ShownFlags = {},
): ShownError {
  return {
    entry: {
      message: cut(message),
      ...(thrown instanceof GraphQLError ? placeOf(thrown) : {}),
      extensions,
    },
    status: statusOf(extensions.code),
    headers: {},
    isGraphqlRequestError: false,
    surprise: null,
    ...flags,
  };
}

const statuses: Readonly<Record<string, number>> = {
  ...refusalStatus,
  UNIQUE_VIOLATION: 409,
  FOREIGN_KEY_VIOLATION: 409,
};

function statusOf(code: string): number {
  return statuses[code] ?? 400;
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
