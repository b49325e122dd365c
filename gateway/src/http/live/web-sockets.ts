import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';

import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import type { CrossOriginPolicy } from '../cross-origin.ts';
import { edgeErrors } from '../edge-errors.ts';
import type { AdmissionScope } from '../project-admission.ts';
import { readConnectionCredentials } from '../project-credentials.ts';
import type { RequestScope } from '../request-scope.ts';
import { createSlots } from './slots.ts';
import { WebSocketConnection, type WebSocketEnvironment } from './web-socket-connection.ts';

export interface WebSocketsOptions extends WebSocketEnvironment {
  readonly crossOrigin: Pick<CrossOriginPolicy, 'refuseForeignPage'>;
}

/** The WebSockets of all projects. */
export interface WebSockets {
  /**
   * Accepts a WebSocket for the API of the project with this ref. Credentials are checked later, when the client has
   * sent `connection_init`.
   * @param head the first bytes after the request
   * @throws RequestError `BAD_REQUEST`, `UNAUTHENTICATED`, `FORBIDDEN`, `RATE_LIMITED`, `OVERLOADED` or `NOT_READY`
   */
  open(scope: RequestScope, ref: string, upgrade: Upgrade): Promise<void>;
  /** Closes all WebSockets. Resolves when they are closed, at the latest after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

/** A connection whose client asks for a WebSocket. */
export interface Upgrade {
  readonly socket: Socket;
  /** The first bytes after the request. */
  readonly head: Buffer;
}

/** How often connections are checked for timeouts. */
const tickMs = 500;
/** The members of a message around the request. */
const envelopeBytes = 4_096;

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { crossOrigin, limits, bodyLimits } = options;
  const connections = new Set<WebSocketConnection>();
  const newSlots = createSlots();
  let timer: NodeJS.Timeout | null = null;
  let onEmpty: (() => void) | null = null;
  let isStopping = false;
  // permessage-deflate needs about 300 kB of memory for each connection.
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: bodyLimits.bytes + envelopeBytes,
    handleProtocols: () => GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });

  const tick = (): void => {
    const now = performance.now();
    for (const connection of connections) connection.tick(now);
  };

  const remove = (connection: WebSocketConnection): void => {
    connections.delete(connection);
    if (connections.size > 0) return;
    onEmpty?.();
    if (timer !== null) clearInterval(timer);
    timer = null;
  };

  const accept = (
    socket: WebSocket,
    accepted: Omit<ConstructorParameters<typeof WebSocketConnection>[0], 'socket' | 'onClose'>,
  ): void => {
    const onClose = () => remove(connection);
    const connection = new WebSocketConnection({ ...accepted, socket, onClose }, options);
    connections.add(connection);
    timer ??= setInterval(tick, tickMs).unref();
  };

  const refuseIfStopping = (): void => {
    if (isStopping) throw edgeErrors.stopping();
  };

  return {
    async open(scope, ref, { socket: transport, head }) {
      const { request, response } = scope;
      refuseIfStopping();
      if (!offersProtocol(request)) throw edgeErrors.noSubprotocol();
      const credentials = readConnectionCredentials(request);
      await crossOrigin.refuseForeignPage(scope, ref);
      refuseIfStopping();
      const release = newSlots.take([
        ['', limits.newConnections],
        [clientNetwork(scope.ipAddress), limits.newNetworkConnections],
      ]);
      if (release === null) throw edgeErrors.tooManyConnections();
      const accepted = { transport, scope: slimScope(scope), ref, credentials, onOpen: release };
      response.detachSocket(transport);
      server.handleUpgrade(request, transport, head, (socket) => accept(socket, accepted));
      // The socket is closed if the handshake is not valid (RFC 6455, section 4.2.1).
      transport.on('close', release);
    },
    async stop(timeoutMs) {
      isStopping = true;
      if (connections.size === 0) return;
      const empty = new Promise<void>((resolve) => (onEmpty = resolve));
      for (const connection of connections) connection.stop();
      const giveUp = setTimeout(() => {
        for (const connection of connections) connection.terminate();
      }, timeoutMs);
      await empty;
      clearTimeout(giveUp);
    },
  };
}

function offersProtocol({ headers }: IncomingMessage): boolean {
  const offered = headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim() === GRAPHQL_TRANSPORT_WS_PROTOCOL);
}

/** What a connection needs to know about its request. The request itself takes more memory. */
function slimScope(scope: RequestScope): AdmissionScope {
  const { requestId, ipAddress, userAgent, observation } = scope;
  const { origin, host } = scope.request.headers;
  return {
    requestId,
    ipAddress,
    userAgent,
    observation,
    request: { headers: { origin, host } },
    // A WebSocket has no response headers for the rest of a quota.
    head: { set: () => undefined },
  };
}
