import { CliError } from '../cli-error.ts';
import { explainNetworkError } from './explain-network-error.ts';

/** A client for a gateway's management API. It authenticates with one API key. */
export interface GraphqlClient {
  /**
   * Sends an operation.
   * @param hints hints for this operation, by error code
   * @returns the `data` of the response
   * @throws CliError for any response without data, and if there is no response
   */
  request(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    hints?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
}

export interface GraphqlClientOptions {
  /** The URL of `/graphql`. */
  readonly address: URL;
  readonly key: string;
  /** The timeout for a request, including the time to connect and to read the response body. */
  readonly timeoutMs: number;
}

/** Larger than the largest possible plan, which contains the SQL for 200 models with 200 fields each. */
const maxAnswerBytes = 64 * 1024 * 1024;

export function createGraphqlClient(options: GraphqlClientOptions): GraphqlClient {
  const { address, key, timeoutMs } = options;
  return {
    async request(document, variables = {}, hints = {}) {
      const { response, body } = await exchange(address, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json, application/json',
          'content-type': 'application/json',
          authorization: `Bearer ${key}`,
        },
        body: JSON.stringify({ query: document, variables }),
        // Following a redirect could turn the POST into a GET or send the key to another host.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: unknown) => {
        throw error instanceof CliError ? error : explainNetworkError(error, address, timeoutMs);
      });
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        throw redirected(address, location);
      }
      const refusal = refusalOf(response, body, hints);
      if (refusal !== null) throw refusal;
      const data = dataOf(body);
      if (data === null) throw notTessera(address, response.status);
      return data;
    },
  };
}

async function exchange(address: URL, init: RequestInit) {
  const response = await fetch(address, init);
  const text = await readText(response, address);
  return { response, body: parseJson(text) };
}

async function readText(response: Response, address: URL): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  // In Node's fetch, the body is a stream of bytes.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw notTessera(address, response.status);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The parsed value, or undefined if the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function redirected(address: URL, location: string): CliError {
  const target = URL.canParse(location, address) ? new URL(location, address).origin : location;
  return new CliError('BAD_URL', `${address.origin} redirects to ${target}.`, {
    hint: 'If you trust that server with your key, pass its address as --url.',
  });
}

export function notTessera(address: URL, status: number): CliError {
  return new CliError(
    'BAD_URL',
    `The server at ${address.href} is not a Tessera gateway (HTTP status ${status}).`,
    { hint: "Pass the gateway's address as --url, for example --url http://localhost:4000." },
  );
}

/** The `data` of a GraphQL response, or null for anything else. */
function dataOf(body: unknown): object | null {
  if (!isRecord(body)) return null;
  const { data } = body;
  return isRecord(data) ? data : null;
}

/** The error in a response, in either of the gateway's two error formats. Null if there is no error. */
function refusalOf(
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

/** The first entry in the `errors` of a GraphQL response, or the `error` of any other response. */
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
      return 'The key might be mistyped, expired or revoked, or might belong to another gateway.';
    case 'GRAPHQL_VALIDATION_FAILED':
      return 'The gateway and this command have different versions. Use the same version of both.';
    case 'RATE_LIMITED':
    case 'OVERLOADED':
    case 'NOT_READY':
      return tryAgain(response.headers.get('retry-after'));
    case 'OUTCOME_UNKNOWN':
      return 'Run `tessera schema plan` to see whether the change was applied.';
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
