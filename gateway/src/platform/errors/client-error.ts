/** What a code means to clients and proxies. */
export interface CodeMeaning {
  /** HTTP status. */
  readonly status: number;
  /** Is the state of the server the reason, so that the same request may succeed later? */
  readonly transient: boolean;
}

export interface ClientErrorOptions {
  /** Response headers, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What a client sees beside code and message. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** The path of the failed field in the response. */
  readonly path?: readonly (string | number)[] | undefined;
  readonly cause?: unknown;
}

/**
 * The base of every error whose text is written for clients. In GraphQL it is an error with `extensions.code`;
 * elsewhere it is the JSON body `{ "error": { code, message, requestId } }`. A client sees any other error only as
 * an internal one.
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
