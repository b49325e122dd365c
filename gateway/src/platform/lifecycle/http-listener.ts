import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { clientNetwork } from '../rate-limit/client-network.ts';
import { cutOffSlowReaders } from './slow-readers.ts';
import { tooLate, within } from '../within.ts';

export interface HttpListenerOptions {
  readonly host: string;
  readonly port: number;
  /** The maximum number of open connections. Further ones are closed when they are accepted. @default no limit */
  readonly maxConnections?: number;
  /** The maximum number of open connections from one client network. @default no limit */
  readonly maxPerNetwork?: number;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** How long a client can take to read a part of a response. @default 10000 */
  readonly readTimeoutMs?: number;
}

export interface HttpListener {
  readonly host: string;
  readonly port: number;
  /** From now on, asks clients to close their connection after each response. */
  closeConnections(): void;
  /**
   * Stops accepting connections, closes connections that have no open request, and waits for the remaining requests.
   * @returns the number of requests that were aborted after `timeoutMs`
   */
  drain(timeoutMs: number): Promise<number>;
}

/** Timeouts for slow clients, in milliseconds. The keep-alive timeout exceeds the usual proxy timeout of 60 s. */
const timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
} as const;

const defaultReadTimeoutMs = 10_000;

/**
 * Starts an HTTP server.
 * @throws the operating system's error, such as EADDRINUSE
 */
export async function listen(options: HttpListenerOptions): Promise<HttpListener> {
  const server = createServer(timeouts, options.handle);
  const traffic = watchTraffic(server);
  const { readTimeoutMs = defaultReadTimeoutMs } = options;
  const stopChecks = cutOffSlowReaders(() => traffic.keys(), readTimeoutMs);
  server.on('close', stopChecks);
  server.on('clientError', answerBrokenRequest);
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  if (options.maxPerNetwork !== undefined) limitNetworks(server, options.maxPerNetwork);
  server.listen({ host: options.host, port: options.port });
  // `once` rejects if the server emits an error first.
  await once(server, 'listening');
  // The address of a TCP server has this type.
  const { port } = server.address() as AddressInfo;
  return {
    host: options.host,
    port,
    closeConnections: () => server.prependListener('request', askToClose),
    drain: (timeoutMs) => drain(server, traffic, timeoutMs),
  };
}

/**
 * The open connections, each with its current response. A Set of responses would retain memory: V8 replaces the table
 * of a Set after every few insertions and deletions, and a table that was promoted to the old generation keeps all
 * later tables alive.
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

function askToClose(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
}

function limitNetworks(server: Server, max: number): void {
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const network = clientNetwork(socket.remoteAddress ?? '');
    const count = (counts.get(network) ?? 0) + 1;
    counts.set(network, count);
    socket.once('close', () => {
      const left = (counts.get(network) ?? 1) - 1;
      if (left === 0) counts.delete(network);
      else counts.set(network, left);
    });
    if (count > max) socket.destroy();
  });
}

async function drain(server: Server, traffic: Traffic, timeoutMs: number): Promise<number> {
  const closed = once(server, 'close');
  server.close();
  for (const [socket, response] of traffic) {
    if (response !== null && !response.headersSent) response.setHeader('connection', 'close');
    // Browsers open connections in advance. Node.js does not count a connection that never sent data as idle.
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
    'The request headers are too large.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'REQUEST_TIMEOUT',
    'The request was not received in time.',
  ],
};
const notHttp = ['400 Bad Request', 'BAD_REQUEST', 'The request is not valid HTTP.'] as const;

/** Writes an error response to the socket, because there is no request object if parsing fails. */
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
