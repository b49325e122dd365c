import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tooLate, within } from '../within.ts';

export interface HttpListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface HttpListener {
  readonly host: string;
  readonly port: number;
  /**
   * Takes no more connections, closes those on which nothing is being answered, and waits for the rest.
   * @returns how many requests were cut off because they took longer than `timeoutMs`
   */
  drain(timeoutMs: number): Promise<number>;
}

/** Bounds on slow clients, in milliseconds. Idle connections outlive the usual 60 s of proxies. */
const timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
} as const;

/**
 * Listens for HTTP.
 * @throws the system's error, such as EADDRINUSE
 */
export async function listen(options: HttpListenerOptions): Promise<HttpListener> {
  const server = createServer(timeouts, options.handle);
  const traffic = watchTraffic(server);
  server.on('clientError', answerBrokenRequest);
  server.listen({ host: options.host, port: options.port });
  // Rejects with the error if that comes first.
  await once(server, 'listening');
  // A TCP server that listens has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return { host: options.host, port, drain: (timeoutMs) => drain(server, traffic, timeoutMs) };
}

/**
 * Each open connection with the answer that it waits for last. Not a Set of answers: where entries come and go, V8
 * replaces its table every few of them, and each that was promoted to the old generation keeps those after it alive.
 */
type Traffic = ReadonlyMap<Socket, ServerResponse | null>;

function watchTraffic(server: Server): Traffic {
  const traffic = new Map<Socket, ServerResponse | null>();
  server.on('connection', (socket: Socket) => {
    traffic.set(socket, null);
    socket.once('close', () => traffic.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    traffic.set(socket, response);
    response.on('close', () => {
      if (traffic.get(socket) === response) traffic.set(socket, null);
      if (!server.listening) server.closeIdleConnections();
    });
  });
  return traffic;
}

async function drain(server: Server, traffic: Traffic, timeoutMs: number): Promise<number> {
  const closed = once(server, 'close');
  server.close();
  for (const [socket, response] of traffic) {
    if (response !== null && !response.headersSent) response.setHeader('connection', 'close');
    // Browsers open connections ahead of need. To Node one that never spoke is not idle.
    if (socket.bytesRead === 0) socket.destroy();
  }
  if ((await within(closed, timeoutMs)) !== tooLate) return 0;
  const cut = [...traffic.values()].filter((response) => response !== null).length;
  server.closeAllConnections();
  await closed;
  return cut;
}

const brokenRequests: Readonly<
  Record<string, readonly [status: string, code: string, message: string]>
> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'BAD_REQUEST',
    'The headers are too large.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'REQUEST_TIMEOUT',
    'The request took too long.',
  ],
};
const notHttp = ['400 Bad Request', 'BAD_REQUEST', 'This is not a valid HTTP request.'] as const;

/** What cannot be parsed never becomes a request, so its refusal is written to the socket itself. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = brokenRequests[error.code ?? ''] ?? notHttp;
  const body = JSON.stringify({ error: { code, message, requestId: null } });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
