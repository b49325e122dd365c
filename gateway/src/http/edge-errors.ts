import { RequestError } from '../platform/errors/request-error.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';

/** Errors for metrics, the console, cookies, loops and credentials, which the HTTP layer handles itself. */
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
    badRequest(
      'The only value of the parameter `caller` is `app`, for the API of all callers with access rules. Without the parameter, the answer is your own API.',
    ),
  differentKeys: () =>
    badRequest('Send one API key. The headers Authorization and X-API-Key contain different keys.'),
  keyWithAccessToken: () =>
    badRequest(
      "An API key cannot be combined with a member's access token. Send one of them. To act as one of the project's users, send the user's token with the key.",
    ),
  userTokenWithoutKey: () =>
    badRequest(
      "A user token needs an API key of the project. Send the key in X-API-Key, and the user's token in Authorization.",
    ),
  viewAsWithoutMember: () =>
    badRequest("The header X-View-As can only be sent with a member's access token."),
  viewAsNotReadable: () =>
    badRequest('The header X-View-As must be `public` or `user:<id>`, with a percent-encoded id.'),
  secretKeyInBrowser: () =>
    requestErrors.forbidden(
      'A secret key cannot be used by a web page, where everyone can read it. Use a publishable key (tpk_…), and revoke this key if the page is public.',
    ),
  consoleNotBuilt: () => requestErrors.notReady('The console is not built. Run: npm run build'),
} as const;

function badRequest(message: string): RequestError {
  return new RequestError('BAD_REQUEST', message);
}
