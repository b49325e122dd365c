/** A validation error. `path` starts at the input object. */ import { countOf } from '../count-of.ts';

export interface InputIssue {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * A failed request to one of the gateway's APIs: a GraphQL or HTTP error (`UNAUTHENTICATED`, `RATE_LIMITED`, …), a
 * missing response (`NETWORK`), or an expected mutation failure (`SLUG_TAKEN`, …).
 */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly code: string;
  /** The request id, which operators can look up; null if there was no response. */
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly issues: readonly InputIssue[];
  /** The complete expected failure, with fields such as `diagnostics` and `plan`. */
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

/** The message that users see for an error that is not shown below a form field. */
export function explainError(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong. Reload the page and try again.';
  if (error.code === 'RATE_LIMITED' && error.retryAfterSeconds !== null) {
    return `Too many attempts. Try again in ${waitInWords(error.retryAfterSeconds)}.`;
  }
  const isSurprise = error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'INTERNAL';
  return isSurprise && error.requestId !== null
    ? `${error.message} (request ${error.requestId})`
    : error.message;
}

function waitInWords(seconds: number): string {
  if (seconds < 120) return countOf(seconds, 'second');
  return `${Math.ceil(seconds / 60)} minutes`;
}
