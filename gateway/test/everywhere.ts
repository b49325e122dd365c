import { expect } from 'vitest';

import { connectRaw, type RawClient } from './live-client.ts';

/** A query as it is sent over HTTP. */
export interface SentQuery {
  readonly headers: Readonly<Record<string, string>>;
  /** A GraphQL request as JSON. */
  readonly body: string;
}

/** An answer, without what differs from request to request. */
interface Seen {
  readonly data: unknown;
  readonly errors: readonly SeenError[];
}

interface SeenError {
  readonly code: unknown;
  readonly message: string;
  readonly path: unknown;
}

/**
 * Sends a query over HTTP, on an event stream and on a WebSocket, as a query and not as a live query.
 * @returns the response over HTTP
 * @throws an AssertionError if the answers differ
 */
export async function askEverywhere(endpoint: string, query: SentQuery): Promise<Response> {
  const response = await send(endpoint, query);
  const expected = seen(await response.clone().text(), response.status);
  expect(await askEventStream(endpoint, query), 'on an event stream').toEqual(expected);
  await expectOnWebSocket(endpoint, query, { ...expected, status: response.status });
  return response;
}

const send = (endpoint: string, { headers, body }: SentQuery): Promise<Response> =>
  fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(20_000),
  });

/** @throws an AssertionError unless the stream consists of one result */
export async function askEventStream(
  endpoint: string,
  { headers, body }: SentQuery,
): Promise<unknown> {
  const accepting = { ...headers, accept: 'text/event-stream' };
  const response = await send(endpoint, { headers: accepting, body });
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (!isStream) return seen(text, response.status);
  expect(text).toMatch(/^event: next\ndata: [^\n]*\n\nevent: complete\ndata: \n\n$/);
  return seen(text.slice('event: next\ndata: '.length, text.indexOf('\n\n')), 200);
}

/** How a WebSocket is closed whose caller would get this status over HTTP. */
const closings: Readonly<Record<number, readonly number[]>> = {
  400: [4400],
  // An expired token can be replaced, so that clients connect again.
  401: [4401, 4403],
  403: [4403],
  404: [4404],
  413: [1009],
  429: [1013],
  503: [1013],
};

async function expectOnWebSocket(
  endpoint: string,
  { headers, body }: SentQuery,
  { status, ...expected }: Seen & { readonly status: number },
): Promise<void> {
  const client = await connectRaw(endpoint, { headers });
  const answer = await firstAnswer(client, body);
  client.socket.terminate();
  if (typeof answer === 'string') {
    expect(seen(answer, status), 'on a WebSocket').toEqual(expected);
    return;
  }
  expect(closings[status], `closed with ${answer.code}: ${answer.reason}`).toContain(answer.code);
  const { code, message } = expected.errors[0] ?? { code: '', message: '' };
  // A reason is cut after 123 bytes.
  const reason = answer.reason.replace(/…$/, '');
  if (answer.code > 4000 && answer.reason !== 'The token has expired.') {
    expect(`${String(code)}: ${message}`.startsWith(reason), reason).toBe(true);
  }
}

/** Returns an execution result as JSON, or how the connection was closed. */
async function firstAnswer(
  client: RawClient,
  body: string,
): Promise<string | Awaited<RawClient['closed']>> {
  try {
    await client.init();
    client.send(`{"id":"1","type":"subscribe","payload":${body}}`);
    const { type, payload } = await client.next();
    if (type === 'error') return JSON.stringify({ errors: payload });
    expect(type).toBe('next');
    expect(await client.next()).toEqual({ id: '1', type: 'complete' });
    return JSON.stringify(payload);
  } catch {
    return client.closed;
  }
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: unknown;
    readonly extensions: { readonly code: unknown };
  }[];
}

function seen(text: string, status: number): Seen {
  // The project's API answers in this form.
  const { data, errors = [] } = JSON.parse(text) as Body;
  const isRefused = status !== 200 && errors.length === 0;
  expect(isRefused, text).toBe(false);
  return {
    data,
    errors: errors.map(({ message, path, extensions: { code } }) => ({ code, message, path })),
  };
}
