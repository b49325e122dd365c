import { ClientError, GraphQLClient } from 'graphql-request';

import { ApiError, type InputIssue } from './errors.ts';

interface Ask {
  readonly document: string;
  readonly variables?: unknown;
  readonly accessToken: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Parses the response. @default JSON.parse */
  readonly parse?: (text: string) => unknown;
}

/** Longer than every gateway timeout except the one for applying a schema. */
const usualTimeoutMs = 35_000;

/** Sends one operation to the gateway with POST. @throws ApiError */
export async function postGraphql<R>(path: string, ask: Ask): Promise<R> {
  const timeout = AbortSignal.timeout(ask.timeoutMs ?? usualTimeoutMs);
  const client = new GraphQLClient(new URL(path, location.origin).href, {
    headers: {
      ...ask.headers,
      ...(ask.accessToken !== null && { authorization: `Bearer ${ask.accessToken}` }),
    },
    signal: ask.signal === undefined ? timeout : AbortSignal.any([ask.signal, timeout]),
    // Determining the name would require parsing the document; see console/graphql-for-requests.ts.
    excludeOperationName: true,
    jsonSerializer: { parse: ask.parse ?? JSON.parse, stringify: JSON.stringify },
  });
  try {
    // The caller's type is generated from the document, which determines the shape of the response.
    return await client.request<R>(ask.document, ask.variables as Record<string, unknown>);
  } catch (error) {
    if (ask.signal?.aborted === true) throw error;
    throw toApiError(error, timeout);
  }
}

function toApiError(error: unknown, timeout: AbortSignal): ApiError {
  if (!(error instanceof ClientError)) {
    const message = timeout.aborted
      ? 'The server did not respond in time. Try again.'
      : 'The server cannot be reached. Check your connection and try again.';
    return new ApiError('NETWORK', message, { cause: error });
  }
  const { errors, status, headers, error: refusal } = error.response as ErrorResponse;
  const first = errors?.[0];
  const code = first?.extensions?.code ?? refusal?.code ?? `HTTP_${status}`;
  const message =
    first?.message ?? refusal?.message ?? `The server responded with status ${status}.`;
  const retryAfter = Number(headers?.get('retry-after') ?? NaN);
  return new ApiError(code, message, {
    requestId: headers?.get('x-request-id') ?? null,
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    issues: issuesOf(first?.extensions, message),
    cause: error,
  });
}

/** Project APIs return the paths of invalid input, or the fields of a violated constraint. */
function issuesOf({ issues, fields }: ErrorExtensions = {}, message: string): InputIssue[] {
  if (issues !== undefined) return issues.map((each) => ({ ...each, path: each.path.map(String) }));
  return (fields ?? []).map((field) => ({ path: [field], message }));
}

interface ErrorExtensions {
  readonly code?: string;
  readonly issues?: readonly { path: readonly (string | number)[]; message: string }[];
  readonly fields?: readonly string[];
}

/** A GraphQL response, or an error in the format that the gateway uses outside GraphQL. */
interface ErrorResponse {
  readonly status: number;
  readonly headers?: Headers;
  readonly errors?: readonly { message: string; extensions?: ErrorExtensions }[];
  readonly error?: { code: string; message: string };
}
