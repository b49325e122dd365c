import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tooLate, within } from '../postgres/within.ts';

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

interface Traffic {
  readonly connections: ReadonlySet<Socket>;
  readonly inFlight: ReadonlySet<ServerResponse>;
}

function watchTraffic(server: Server): Traffic {
  const connections = new Set<Socket>();
  const inFlight = new Set<ServerResponse>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    inFlight.add(response);
    response.once('close', () => {
      inFlight.delete(response);
      if (!server.listening) server.closeIdleConnections();
    });
  });
  return { connections, inFlight };
}

async function drain(server: Server, traffic: Traffic, timeoutMs: number): Promise<number> {
  const closed = once(server, 'close');
  server.close();
  for (const response of traffic.inFlight) {
    if (!response.headersSent) response.setHeader('connection', 'close');
  }
  for (const socket of traffic.connections) {
    // Browsers open connections ahead of need. To Node one that never spoke is not idle.
    if (socket.bytesRead === 0) socket.destroy();
  }
  if ((await within(closed, timeoutMs)) !== tooLate) return 0;
  const cut = traffic.inFlight.size;
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
