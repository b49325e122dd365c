import type { Logger } from '../platform/telemetry/logger.ts';
import type { HttpRequestObservation } from '../platform/telemetry/metrics.ts';
import type { RequestScope } from './request-scope.ts';

/**
 * Successful requests of these routes are logged at level debug: there are too many of them. The metrics count them all.
 */
const quietRoutes: ReadonlySet<RequestScope['route']> = new Set([
  'health',
  'metrics',
  'project',
  'console',
]);

/**
 * Writes one log line when the answer was sent or the client went away: route, status and duration. Never the query, a
 * body or a header: those carry secrets.
 */
export function observeRequest(
  scope: RequestScope,
  logger: Logger,
  observe: (observation: HttpRequestObservation) => void,
): void {
  const startedAt = performance.now();
  scope.response.on('close', () => {
    const { method, path, route, requestId, observation, response } = scope;
    const status = response.statusCode;
    const milliseconds = performance.now() - startedAt;
    observe({ method, route, status, seconds: milliseconds / 1000 });
    const isComplete = response.writableFinished;
    if (!isComplete) scope.clientWentAway();
    const level = quietRoutes.has(route) && status < 400 && isComplete ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    const fields = {
      requestId,
      method,
      path: path.slice(0, maxPathLength),
      status,
      ms: Math.round(milliseconds * 10) / 10,
      principal: observation.principal,
      ipAddress: scope.ipAddress,
      ...(isComplete ? {} : { aborted: true }),
    };
    logger[level](fields, 'request');
  });
}

const maxPathLength = 200;
