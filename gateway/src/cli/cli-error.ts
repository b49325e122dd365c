/** An expected failure of the CLI. The message says what is wrong, and the hint says how to fix it. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  /** A machine-readable code. If the gateway reported the failure, this is the gateway's code. */
  readonly code: string;
  readonly hint: string | null;
  /** The id of the request in the gateway's log. */
  readonly requestId: string | null;

  constructor(
    code: string,
    message: string,
    details: { readonly hint?: string; readonly requestId?: string | null; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? null;
    this.requestId = details.requestId ?? null;
  }
}
