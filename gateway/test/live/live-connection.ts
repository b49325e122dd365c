import { connectRaw } from '../live-client.ts';
import { vi, expect } from 'vitest';

export const liveTransports = ['a WebSocket', 'an event stream'] as const;
export type LiveTransport = (typeof liveTransports)[number];

export interface ConnectionOptions {
  readonly apiKey?: string;
  readonly userToken?: string;
  readonly accessToken?: string;
  /** The origin of the page that connects. */
  readonly origin?: string;
}

/** A connection with one subscription. */
export interface LiveConnection {
  /** The results, in order. */
  readonly results: unknown[];
  /** Waits until the latest result is this one. */
  reaches(result: unknown): Promise<void>;
  /**
   * Resolves when the gateway has ended the connection: with the code of a closed WebSocket, or with the code of the last
   * error on an event stream, which must be followed by `complete`.
   */
  readonly ended: Promise<number | string>;
  /** Sends a newer token. Only on a WebSocket. */
  renew(userToken: string): void;
  close(): void;
}

/**
 * Opens a connection and starts an operation.
 * @param request a document, or a GraphQL request
 */
export function openConnection(
  transport: LiveTransport,
  endpoint: string,
  options: ConnectionOptions,
  request: string | object,
): Promise<LiveConnection> {
  const open = transport === 'a WebSocket' ? openWebSocket : openEventStream;
  return open(endpoint, options, typeof request === 'string' ? { query: request } : request);
}

const waiting = { timeout: 10_000, interval: 5 };

const reaching = (results: readonly unknown[]) => (result: unknown) =>
  vi.waitFor(() => expect(results.at(-1)).toEqual(result), waiting);

async function openWebSocket(
  endpoint: string,
  { origin, ...payload }: ConnectionOptions,
  request: object,
): Promise<LiveConnection> {
  const headers: Record<string, string> = origin === undefined ? {} : { origin };
  const client = await connectRaw(endpoint, { headers });
  await client.init(payload);
  const results: unknown[] = [];
  const read = async (): Promise<void> => {
    for (;;) {
      const { type, payload: result } = await client.next();
      if (type === 'next' || type === 'error') results.push(result);
    }
  };
  // The loop ends when the connection is closed.
  read().catch(() => undefined);
  client.send({ id: '1', type: 'subscribe', payload: request });
  return {
    results,
    reaches: reaching(results),
    ended: client.closed.then(({ code }) => code),
    renew: (userToken) => client.send({ type: 'ping', payload: { userToken } }),
    close: () => client.socket.terminate(),
  };
}

async function openEventStream(
  endpoint: string,
  { apiKey, userToken, accessToken, origin }: ConnectionOptions,
  request: object,
): Promise<LiveConnection> {
  const token = userToken ?? accessToken;
  const canceller = new AbortController();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(origin === undefined ? {} : { origin }),
    },
    body: JSON.stringify(request),
    signal: canceller.signal,
  });
  if (response.status !== 200 || response.body === null) {
    throw new Error(`Refused: ${response.status} ${await response.text()}`);
  }
  const results: unknown[] = [];
  const ended = readEvents(response.body, results);
  // A test that closes the connection does not wait for its end.
  ended.catch(() => undefined);
  return {
    results,
    reaches: reaching(results),
    ended,
    renew() {
      throw new Error('An event stream cannot be renewed.');
    },
    close: () => canceller.abort(),
  };
}

/** Collects the results of a stream. Returns the code of the last error. @throws Error if it is not complete */
async function readEvents(body: ReadableStream<Uint8Array>, results: unknown[]): Promise<string> {
  let text = '';
  let isComplete = false;
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, data] = /^event: next\ndata: (.*)$/.exec(event) ?? [];
      if (data !== undefined) results.push(JSON.parse(data));
      isComplete = event === 'event: complete\ndata: ';
    }
  }
  if (!isComplete) throw new Error('The stream has ended without `complete`.');
  // The project's API answers in this form.
  const last = results.at(-1) as { errors?: readonly { extensions: { code: string } }[] };
  return last.errors?.[0]?.extensions.code ?? 'none';
}
