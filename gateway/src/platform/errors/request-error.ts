import { ClientError, type CodeMeaning } from './client-error.ts';

/** The codes of errors that reject a request or one of its fields because of protocol, credentials, limits or load. */
export const requestCodes = {
  BAD_REQUEST: { status: 400, transient: false },
  BAD_USER_INPUT: { status: 400, transient: false },
  GRAPHQL_VALIDATION_FAILED: { status: 400, transient: false },
  QUERY_TOO_LARGE: { status: 400, transient: false },
  QUERY_TOO_DEEP: { status: 400, transient: false },
  QUERY_TOO_COMPLEX: { status: 400, transient: false },
  BATCHING_NOT_SUPPORTED: { status: 400, transient: false },
  UNAUTHENTICATED: { status: 401, transient: false },
  FORBIDDEN: { status: 403, transient: false },
  NOT_FOUND: { status: 404, transient: false },
  METHOD_NOT_ALLOWED: { status: 405, transient: false },
  NOT_ACCEPTABLE: { status: 406, transient: false },
  REQUEST_TIMEOUT: { status: 408, transient: true },
  CONFLICT: { status: 409, transient: true },
  SCHEMA_LOCKED: { status: 409, transient: true },
  PAYLOAD_TOO_LARGE: { status: 413, transient: false },
  URI_TOO_LONG: { status: 414, transient: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, transient: false },
  RATE_LIMITED: { status: 429, transient: true },
  OVERLOADED: { status: 503, transient: true },
  NOT_READY: { status: 503, transient: true },
  TIMEOUT: { status: 503, transient: true },
  // Not transient: a retry could apply the change a second time.
  OUTCOME_UNKNOWN: { status: 503, transient: false },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type RequestCode = keyof typeof requestCodes;

export interface RequestErrorOptions {
  /** The number of seconds after which the client can retry. Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Additional response headers, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The fault in the gateway or the database, for the log. */
  readonly cause?: unknown;
}

/**
 * Rejects a request or one of its fields for a reason that does not depend on a feature. Used by the HTTP layer, the
 * control plane and the data plane.
 */
export class RequestError<Code extends RequestCode = RequestCode> extends ClientError<Code> {
  override readonly name = 'RequestError';

  constructor(
    code: Code,
    message: string,
    { headers, retryAfterSeconds, ...others }: RequestErrorOptions = {},
  ) {
    super(code, message, requestCodes[code], {
      ...others,
      headers: {
        ...headers,
        ...(retryAfterSeconds === undefined
          ? {}
          : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
      },
    });
  }
}
