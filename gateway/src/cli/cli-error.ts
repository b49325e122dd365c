/** What the command line cannot do, in words for whoever typed it: what is wrong, and the way out. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  /** For programs; the gateway's own where the failure is the gateway's. */
  readonly code: string;
  readonly hint: string | null;
  /** Under which the gateway has logged what happened. */
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
