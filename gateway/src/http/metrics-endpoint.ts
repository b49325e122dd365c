import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Registry } from 'prom-client';

import type { Secret } from '../platform/environment/secret.ts';
import { edgeErrors } from './edge-errors.ts';
import { send } from './responses.ts';
import type { RequestScope } from './request-scope.ts';

export interface MetricsEndpointOptions {
  readonly metricsRegistry: Registry;
  readonly metricsToken: Secret<string> | null;
}

/**
 * Creates a handler for `/metrics`, which Prometheus reads. Clients must send the token. If no token is configured,
 * only clients on this machine are allowed.
 */
export function createMetricsEndpoint({
  metricsRegistry: registry,
  metricsToken: token,
}: MetricsEndpointOptions) {
  return async (scope: RequestScope): Promise<void> => {
    const { request } = scope;
    if (token === null) refuseRemote(request);
    else refuseWithoutToken(request, token);
    send(scope, 200, registry.contentType, await registry.metrics());
  };
}

function refuseRemote({ socket, headers }: IncomingMessage): void {
  const isLocal = /^(?:127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
  // A proxy on this machine might be forwarding a request from another machine.
  const isPassedOn = 'x-forwarded-for' in headers || 'forwarded' in headers;
  if (!isLocal || isPassedOn) {
    throw edgeErrors.metricsForLocalCallers();
  }
}

function refuseWithoutToken({ headers }: IncomingMessage, token: Secret<string>): void {
  const given = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(token.reveal()))) {
    throw edgeErrors.metricsTokenNeeded();
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
