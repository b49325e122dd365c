import { RequestError } from '../platform/errors/request-error.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';

/** Errors for metrics, the console, cookies and loops, which the HTTP layer handles itself. */
export const edgeErrors = {
  metricsForLocalCallers: () =>
    requestErrors.forbidden(
      'Metrics are available only from the machine that runs the gateway. Set METRICS_TOKEN to allow remote access.',
    ),
  metricsTokenNeeded: () =>
    requestErrors.unauthenticated('Send the metrics token as a bearer token.'),
  foreignCookies: () =>
    requestErrors.forbidden('Requests with cookies are not allowed from this origin.'),
  ownRequest: () =>
    requestErrors.forbidden(
      'The gateway sent this request to itself. Use the address of another server.',
    ),
  unknownDescribedCaller: () =>
    new RequestError(
      'BAD_REQUEST',
      'The only value of the parameter `caller` is `app`, for the API of all callers with access rules. Without the parameter, the answer is your own API.',
    ),
  consoleNotBuilt: () => requestErrors.notReady('The console is not built. Run: npm run build'),
} as const;
