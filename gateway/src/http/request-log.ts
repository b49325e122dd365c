import type { Logger } from '../platform/telemetry/logger.ts';
import type { HttpRequestObservation } from '../platform/telemetry/metrics.ts';
import type { RequestScope } from './request-scope.ts';

/** Probes come every few seconds and tell nothing while they go well. */
const quietRoutes: readonly RequestScope['route'][] = ['health', 'metrics'];

/**
 * Writes one line when the answer has gone out, or the client has: what was asked of which part, how it went,
 * how long it took. Never the query, a body or a header: those carry secrets.
 */
export function observeRequest(
  scope: RequestScope,
  logger: Logger,
  observe: (observation: HttpRequestObservation) => void,
): void {
  const startedAt = performance.now();
  scope.response.once('close', () => {
    const { method, path, route, requestId, principal, ipAddress, response } = scope;
    const status = response.statusCode;
    const milliseconds = performance.now() - startedAt;
    observe({ method, route, status, seconds: milliseconds / 1000 });
    const fields = {
      requestId,
      method,
      path: path.slice(0, maxPathLength),
      status,
      ms: Math.round(milliseconds * 10) / 10,
      principal,
      ipAddress,
      ...(response.writableFinished ? {} : { aborted: true }),
    };
    if (quietRoutes.includes(route) && status < 400) logger.debug(fields, 'request');
    else logger.info(fields, 'request');
  });
}

const maxPathLength = 200;
