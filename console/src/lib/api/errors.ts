/** One thing wrong with an input: where, from the input object on, and what. */
export interface InputIssue {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * Anything that an API of the gateway answers instead of what was asked: an error of GraphQL or of HTTP
 * (`UNAUTHENTICATED`, `RATE_LIMITED`, …), no answer at all (`NETWORK`), or one of a mutation's expected
 * failures (`SLUG_TAKEN`, …).
 */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly code: string;
  /** To name when asking the operator; null where there was no answer. */
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly issues: readonly InputIssue[];
  /** An expected failure whole, with whatever else it tells: `diagnostics`, `plan`, … */
  readonly failure: Readonly<Record<string, unknown>> | null;

  constructor(code: string, message: string, more: ApiErrorDetails = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.requestId = more.requestId ?? null;
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
    this.issues = more.issues ?? [];
    this.failure = more.failure ?? null;
  }
}

export interface ApiErrorDetails {
  readonly requestId?: string | null;
  readonly retryAfterSeconds?: number | null;
  readonly issues?: readonly InputIssue[];
  readonly failure?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export const isApiError = (error: unknown, code?: string): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code);

/** What a person is told of any error that is not theirs to mend in a form. */
export function explainError(error: unknown): string {
  if (!(error instanceof ApiError))
    return 'Something went wrong in this page. Reload it, and try again.';
  if (error.code === 'RATE_LIMITED' && error.retryAfterSeconds !== null) {
    return `Too many tries. Try again in ${waitInWords(error.retryAfterSeconds)}.`;
  }
  const isSurprise = error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'INTERNAL';
  return isSurprise && error.requestId !== null
    ? `${error.message} (request ${error.requestId})`
    : error.message;
}

function waitInWords(seconds: number): string {
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
