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
  foreignPage: () =>
    requestErrors.forbidden(
      'Pages of this origin cannot connect to the project. Add the origin to the allowed origins in the settings of the project.',
    ),
  viewAsOnConnection: () =>
    badRequest('The header X-View-As cannot be sent for connections that stay open.'),
  tooManyConnections: () =>
    new RequestError('RATE_LIMITED', 'Too many connections are open. Close some of them first.', {
      retryAfterSeconds: 10,
    }),
  tooManyOperations: () =>
    new RequestError(
      'RATE_LIMITED',
      'Too many operations run at once. Complete some of them first.',
      { retryAfterSeconds: 10 },
    ),
  subscriptionTooLarge: (limit: number) =>
    new RequestError(
      'PAYLOAD_TOO_LARGE',
      `The request of a subscription must not exceed ${limit} bytes.`,
    ),
  noSubprotocol: () => badRequest('Connect with the WebSocket sub-protocol graphql-transport-ws.'),
  stopping: () => requestErrors.notReady('The server is stopping. Connect again.'),
  credentialTwice: () =>
    badRequest('The headers and the payload of the connection contain different credentials.'),
  anotherUser: () => requestErrors.forbidden('The new token is not a token of the same user.'),
  nothingToRenew: () => badRequest('The connection has no token. Connect again to send one.'),
  credentialNotText: (name: string) => badRequest(`The member "${name}" must be a string.`),
  consoleNotBuilt: () => requestErrors.notReady('The console is not built. Run: npm run build'),
} as const;

function badRequest(message: string): RequestError {
  return new RequestError('BAD_REQUEST', message);
}
