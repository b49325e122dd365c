import { CliError } from '../cli-error.ts';

/** The `data` of a GraphQL answer; null for anything else. */
export function dataOf(body: unknown): object | null {
  if (!isRecord(body)) return null;
  const { data } = body;
  return isRecord(data) ? data : null;
}

/** Why the gateway refused, from either of its two error shapes; null when it did not. */
export function refusalOf(
  response: Response,
  body: unknown,
  hints: Readonly<Record<string, string>>,
): CliError | null {
  const entry = errorEntry(body);
  if (entry === null) return null;
  const { code, message } = entry;
  const hint = hints[code] ?? hintFor(code, response);
  return new CliError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    requestId: entry.requestId ?? response.headers.get('x-request-id'),
  });
}

interface ErrorEntry {
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
}

/** The first of GraphQL's `errors`, or the `error` that stands alone outside of GraphQL. */
function errorEntry(body: unknown): ErrorEntry | null {
  if (!isRecord(body)) return null;
  const { errors, error } = body;
  if (Array.isArray(errors)) {
    const first: unknown = errors[0];
    if (!isRecord(first) || typeof first['message'] !== 'string') return null;
    return entryFrom(first['message'], isRecord(first['extensions']) ? first['extensions'] : {});
  }
  if (!isRecord(error) || typeof error['message'] !== 'string') return null;
  return entryFrom(error['message'], error);
}

function entryFrom(message: string, facts: Readonly<Record<string, unknown>>): ErrorEntry {
  const { code, requestId } = facts;
  return {
    code: typeof code === 'string' ? code : 'UNKNOWN',
    message,
    requestId: typeof requestId === 'string' ? requestId : null,
  };
}

function hintFor(code: string, response: Response): string | undefined {
  switch (code) {
    case 'UNAUTHENTICATED':
      return 'The key may be mistyped, expired or revoked, or belong to another gateway.';
    case 'GRAPHQL_VALIDATION_FAILED':
      return 'The gateway and this command are of different versions; use the same for both.';
    case 'RATE_LIMITED':
    case 'OVERLOADED':
    case 'NOT_READY':
      return tryAgain(response.headers.get('retry-after'));
    default:
      return undefined;
  }
}

const tryAgain = (retryAfter: string | null): string =>
  retryAfter !== null && /^\d+$/.test(retryAfter)
    ? `Try again in ${retryAfter} s.`
    : 'Try again in a moment.';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
