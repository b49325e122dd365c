import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';

export interface StandInAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, any other value as JSON. */
  readonly body: unknown;
}

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };
}

type Step = StandInAnswer | ((response: ServerResponse) => void);

/** A server that returns prepared responses, for testing responses that a real gateway rarely returns. */
export interface StandInGateway {
  readonly origin: string;
  /** The received requests, in order. */
  readonly requests: readonly ReceivedRequest[];
  /**
   * Sets the responses to the next requests, one per request. If there are more requests, their connections are closed.
   */
  answer(...steps: readonly Step[]): void;
}

/** Starts a server for each test in the file. */
export function useStandInGateway(): StandInGateway {
  let steps: Step[] = [];
  let requests: ReceivedRequest[] = [];
  let server = createServer();
  let origin = '';

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const sent = await text(request);
    // The CLI sends JSON with this structure. Tests that check the body fail if the structure is different.
    const body = JSON.parse(sent === '' ? '{}' : sent) as ReceivedRequest['body'];
    requests.push({ path: request.url ?? '', headers: request.headers, body });
    const step = steps.shift();
    if (step === undefined) response.destroy();
    else if (typeof step === 'function') step(response);
    else send(response, step);
  };

  beforeEach(async () => {
    steps = [];
    requests = [];
    server = createServer((request, response) => void handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // The address of a listening TCP server is an object with a port.
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  return {
    get origin() {
      return origin;
    },
    get requests() {
      return requests;
    },
    answer: (...more) => void steps.push(...more),
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: StandInAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
