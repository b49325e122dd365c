import type { Logger } from '../platform/telemetry/logger.ts';
import type { HttpRequestObservation } from '../platform/telemetry/metrics.ts';
import type { RequestScope } from './request-scope.ts';

/**
 * Of these a line tells nothing while they go well: probes come every few seconds, the calls of a project's API
 * by the thousand, and the console's files by the dozen. The metrics count them all.
 */
const quietRoutes: ReadonlySet<RequestScope['route']> = new Set([
  'health',
  'metrics',
  'project',
  'console',
]);

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
  scope.response.on('close', () => {
    const { method, path, route, requestId, viewer, response } = scope;
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
      principal: viewer?.kind ?? 'unknown',
      ipAddress: scope.ipAddress,
      ...(isComplete ? {} : { aborted: true }),
    };
    logger[level](fields, 'request');
  });
}

const maxPathLength = 200;
