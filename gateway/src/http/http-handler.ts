import type { IncomingMessage, ServerResponse } from 'node:http';

import { loopHeader } from '../platform/egress/egress-client.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { HttpRequestObservation } from '../platform/telemetry/metrics.ts';
import { createCompression } from './compression.ts';
import { edgeErrors } from './edge-errors.ts';
import { createLingering } from './lingering.ts';
import { createHealth, type ReadinessCheck } from './health.ts';
import { maskError } from './mask-error.ts';
import { observeRequest } from './observe-request.ts';
import { RequestScope } from './request-scope.ts';
import { sendJson } from './responses.ts';
import { createRouter, type RouteOptions } from './routes.ts';
import { securityHeaders } from './security-headers.ts';
import { createSlowDown, type SlowDown } from './slow-down.ts';

/** The HTTP server's request handling, separate from its listening socket. */
export interface App {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Makes `/readyz` fail from now on, so that load balancers stop sending requests. */
  setDraining(): void;
}

export interface HttpOptions extends RouteOptions {
  readonly trustedProxyHops: number;
  readonly observeRequest: (observation: HttpRequestObservation) => void;
  /** Called for each refusal that is delayed, for metrics. */
  readonly onSlowed: () => void;
  readonly checkReadiness: ReadinessCheck;
}

/** Maximum length of a request target in characters. A client with a longer GET request should use POST. */
const maxTargetLength = 8_192;

/** Connects the parts of the server and routes requests to them. */
export function createHttpHandler(options: HttpOptions): App {
  const https = options.publicUrl.protocol === 'https:';
  const scopeOptions = {
    trustedProxyHops: options.trustedProxyHops,
    headers: securityHeaders({ https }),
    compression: createCompression(),
    lingering: createLingering(),
  };
  const health = createHealth(options.checkReadiness, options.logger);
  const slowDown = createSlowDown(options);
  const route = createRouter({ ...options, slowDown }, health);

  const answer = async (scope: RequestScope): Promise<void> => {
    try {
      if ((scope.request.url ?? '').length > maxTargetLength) {
        throw requestErrors.addressTooLong(maxTargetLength);
      }
      refuseOwnRequest(scope);
      await route(scope);
    } catch (error) {
      await sendFailure(scope, error, { ...options, slowDown });
    }
  };

  return {
    handle(request, response) {
      const scope = new RequestScope(request, response, scopeOptions);
      observeRequest(scope, options.logger, options.observeRequest);
      void answer(scope);
    },
    setDraining: () => health.setDraining(),
  };
}

/**
 * Rejects a request that a gateway sent and that could cause further ones. Reading is allowed, so that a project can
 * use keys that this server publishes.
 */
function refuseOwnRequest({ request, method }: RequestScope): void {
  if (method === 'GET' || method === 'HEAD') return;
  if (request.headers[loopHeader] !== undefined) throw edgeErrors.ownRequest();
}

/** Sends an error outside GraphQL in this format: `{ "error": { code, message, requestId } }`. */
async function sendFailure(
  scope: RequestScope,
  error: unknown,
  { logger, slowDown }: { readonly logger: Logger; readonly slowDown: SlowDown },
): Promise<void> {
  const { requestId, head } = scope;
  const { entry, status, headers, surprise } = maskError(error, { requestId });
  if (surprise !== null) logger.error({ err: surprise.cause, requestId }, 'Request failed');
  head.setAll(headers);
  const slowed = slowDown(scope, status);
  if (slowed !== null) await slowed;
  const { message, extensions } = entry;
  sendJson(scope, status, { error: { code: extensions.code, message, requestId } });
}
