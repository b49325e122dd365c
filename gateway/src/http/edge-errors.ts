import { requestErrors } from '../platform/errors/request-errors.ts';

/** The catalogue of errors about what the edge itself serves: metrics, the console, cookies of its own. */
export const edgeErrors = {
  metricsForLocalCallers: () =>
    requestErrors.forbidden(
      'Metrics are for callers on this machine; set METRICS_TOKEN for others.',
    ),
  metricsTokenNeeded: () =>
    requestErrors.unauthenticated('Send the metrics token as a bearer token.'),
  foreignCookies: () => requestErrors.forbidden('Pages of this origin may not use cookies here.'),
  consoleNotBuilt: () => requestErrors.notReady('The console is not built. Run: npm run build'),
} as const;
