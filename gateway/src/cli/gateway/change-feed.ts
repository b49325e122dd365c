import { CliError } from '../cli-error.ts';
import { readEvents } from './event-stream.ts';
import { explainNetworkError } from './explain-network-error.ts';
import { bodyOf, failureOf, notTessera } from './graphql-client.ts';

export const changeOperations = ['CREATED', 'UPDATED', 'DELETED'] as const;
export type ChangeOperation = (typeof changeOperations)[number];

/** A change of a row, as the gateway sends it. */
export interface Change {
  readonly cursor: string;
  /** `RESET`: any row could have changed. */
  readonly operation: ChangeOperation | 'RESET';
  /** The key of the row: a value, or an object if it has several fields. Null for `RESET`. */
  readonly key: unknown;
  /** The fields with new values. */
  readonly changed: readonly string[];
  /** A timestamp in RFC 3339 format. */
  readonly at: string;
}

export interface FeedOptions {
  /** The URL of the project's API. */
  readonly address: URL;
  readonly key: string;
  /** The time limit for the headers of the response. */
  readonly timeoutMs: number;
  /** Ends the feed. */
  readonly signal: AbortSignal;
  /** Called when the gateway has accepted the subscription. */
  readonly onOpen: () => void;
}

/** The gateway sends a comment after 15 s of silence. After three times this time, the connection is lost. */
const silenceMs = 45_000;

/**
 * Runs a subscription over server-sent events, and returns its changes. It ends without an error if the connection is
 * lost, so that the caller can open it again.
 * @param document selects the fields of `Change` from the alias `change`
 * @throws CliError if the gateway refuses or ends the subscription
 */
export async function* openFeed(
  { address, key, timeoutMs, signal, onOpen }: FeedOptions,
  document: string,
  variables: Readonly<Record<string, unknown>>,
): AsyncGenerator<Change> {
  const silence = new AbortController();
  const late = setTimeout(() => silence.abort(timeoutError()), timeoutMs);
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${key}`,
      },
      body: JSON.stringify({ query: document, variables }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, silence.signal]),
    });
  } catch (error) {
    if (signal.aborted) return;
    throw explainNetworkError(error, address, timeoutMs);
  } finally {
    clearTimeout(late);
  }
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (response.status !== 200 || !isStream || response.body === null) {
    throw (
      failureOf(response, await bodyOf(response, address), {}) ??
      notTessera(address, response.status)
    );
  }
  onOpen();
  let quiet = setTimeout(() => undefined, 0);
  const heard = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => silence.abort(timeoutError()), silenceMs);
  };
  heard();
  try {
    for await (const { event, data } of readEvents(response.body, heard)) {
      if (event === 'complete') return;
      if (event === 'next') yield changeIn(response, data);
    }
  } catch (error) {
    // A lost connection ends the stream like one that the gateway has closed.
    if (error instanceof CliError || error instanceof RangeError) throw error;
  } finally {
    clearTimeout(quiet);
  }
}

const timeoutError = () => new DOMException('The gateway is silent.', 'TimeoutError');

/** @throws CliError for the errors of a result */
function changeIn(response: Response, data: string): Change {
  // The gateway sends a GraphQL response in each event, and the document selects the fields of a change.
  const result = JSON.parse(data) as { readonly data?: { readonly change: Change } | null };
  const failure = failureOf(response, result, {});
  if (failure !== null) throw failure;
  if (result.data == null) throw new CliError('UNKNOWN', 'The gateway sent an empty result.');
  return result.data.change;
}
