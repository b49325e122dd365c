import { ClientError, GraphQLClient } from 'graphql-request';

import { ApiError, type InputIssue } from './errors.ts';

interface Ask {
  readonly document: string;
  readonly variables?: unknown;
  readonly accessToken: string | null;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Longer than any time limit of the gateway's own, save that of applying a schema. */
const usualTimeoutMs = 35_000;

/** POSTs one operation to this gateway. @throws ApiError */
export async function postGraphql<R>(path: string, ask: Ask): Promise<R> {
  const timeout = AbortSignal.timeout(ask.timeoutMs ?? usualTimeoutMs);
  const client = new GraphQLClient(new URL(path, location.origin).href, {
    headers: ask.accessToken === null ? {} : { authorization: `Bearer ${ask.accessToken}` },
    signal: ask.signal === undefined ? timeout : AbortSignal.any([ask.signal, timeout]),
    // It would be read for that; see console/graphql-for-requests.ts.
    excludeOperationName: true,
  });
  try {
    // What the document asks for is what comes; the caller's type is from the same document.
    return await client.request<R>(ask.document, ask.variables as Record<string, unknown>);
  } catch (error) {
    if (ask.signal?.aborted === true) throw error;
    throw toApiError(error, timeout);
  }
}

function toApiError(error: unknown, timeout: AbortSignal): ApiError {
  if (!(error instanceof ClientError)) {
    const message = timeout.aborted
      ? 'The server did not answer in time. Try again.'
      : 'The server cannot be reached. Check the connection, and try again.';
    return new ApiError('NETWORK', message, { cause: error });
  }
  const { errors, status, headers, error: refusal } = error.response as ErrorResponse;
  const first = errors?.[0];
  const code = first?.extensions?.code ?? refusal?.code ?? `HTTP_${status}`;
  const message =
    first?.message ?? refusal?.message ?? `The server answered with status ${status}.`;
  const retryAfter = Number(headers?.get('retry-after') ?? NaN);
  return new ApiError(code, message, {
    requestId: headers?.get('x-request-id') ?? null,
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    issues: issuesOf(first?.extensions, message),
    cause: error,
  });
}

/** A project's API tells the places of bad input, and the fields of a constraint that was violated. */
function issuesOf({ issues, fields }: ErrorExtensions = {}, message: string): InputIssue[] {
  if (issues !== undefined) return issues.map((each) => ({ ...each, path: each.path.map(String) }));
  return (fields ?? []).map((field) => ({ path: [field], message }));
}

interface ErrorExtensions {
  readonly code?: string;
  readonly issues?: readonly { path: readonly (string | number)[]; message: string }[];
  readonly fields?: readonly string[];
}

/** GraphQL's shape, or the gateway's own outside GraphQL. */
interface ErrorResponse {
  readonly status: number;
  readonly headers?: Headers;
  readonly errors?: readonly { message: string; extensions?: ErrorExtensions }[];
  readonly error?: { code: string; message: string };
}
