import { SlowReaderError } from '../platform/lifecycle/slow-readers.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { HttpRequestObservation } from '../platform/telemetry/metrics.ts';
import type { RequestScope } from './request-scope.ts';

/**
 * Successful requests to these routes are logged at level debug because there are so many of them. Metrics count all
 * requests.
 */
const quietRoutes: ReadonlySet<RequestScope['route']> = new Set([
  'health',
  'metrics',
  'project',
  'console',
]);

/**
 * When the response has been sent or the client has disconnected, writes one log line with the route, the status and
 * the duration. The query, body and headers are never logged because they can contain secrets.
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
    const isCutOff = scope.request.socket.errored instanceof SlowReaderError;
    const isComplete = response.writableFinished && !isCutOff;
    observe({ method, route, status, seconds: milliseconds / 1000, isCutOff });
    if (!isComplete) scope.clientWentAway();
    const isQuiet = scope.isSlowed || (quietRoutes.has(route) && status < 400 && isComplete);
    const level = isQuiet ? 'debug' : 'info';
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
      ...(isCutOff ? { cutOff: 'The client did not read the response in time.' } : {}),
    };
    logger[level](fields, 'request');
  });
}

const maxPathLength = 200;
