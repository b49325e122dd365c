/** The meaning of an error code for clients and proxies. */
export interface CodeMeaning {
  /** The HTTP status. */
  readonly status: number;
  /** Whether the error depends on the server's state, so that the same request can succeed later. */
  readonly transient: boolean;
}

export interface ClientErrorOptions {
  /** Response headers, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Details for the client, in addition to the code and the message. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** The path of the failed field in the response. */
  readonly path?: readonly (string | number)[] | undefined;
  readonly cause?: unknown;
}

/**
 * The base class of all errors whose message is sent to clients. In a GraphQL response, it is an error with
 * `extensions.code`. In other responses, it is the JSON body `{ "error": { code, message, requestId } }`. Clients
 * receive any other error as an internal error.
 */
export abstract class ClientError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly status: number;
  readonly transient: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly path: readonly (string | number)[] | undefined;

  constructor(
    code: Code,
    message: string,
    { status, transient }: CodeMeaning,
    options: ClientErrorOptions = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.status = status;
    this.transient = transient;
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
    this.path = options.path;
  }
}
