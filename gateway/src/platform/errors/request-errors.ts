import { RequestError } from './request-error.ts';

/** The catalogue of errors that say nothing of the product: HTTP, credentials, limits, load. */
export const requestErrors = {
  rateLimited: (retryAfterSeconds: number) =>
    new RequestError('RATE_LIMITED', 'Too many tries. Wait a little and try again.', {
      retryAfterSeconds,
    }),
  overloaded: (retryAfterSeconds = 1) =>
    new RequestError('OVERLOADED', 'The server is busy. Try again in a moment.', {
      retryAfterSeconds,
    }),
  timedOut: () =>
    new RequestError(
      'TIMEOUT',
      'The request took longer than it may. Ask for less at a time, or filter by what has an index.',
    ),
  connectionLost: () =>
    new RequestError(
      'OVERLOADED',
      'The connection to the database was lost. What the request changed, if anything, is not known.',
      { retryAfterSeconds: 1 },
    ),
  conflict: () =>
    new RequestError('CONFLICT', 'Another change came in between. Look at it, then try again.'),
  notReady: (reason: string) => new RequestError('NOT_READY', reason),

  unauthenticated: (message: string) =>
    new RequestError('UNAUTHENTICATED', message, {
      headers: { 'www-authenticate': 'Bearer realm="tessera"' },
    }),
  /** One text for unknown, expired and revoked keys and tokens. RFC 6750, section 3.1. */
  credentialNotValid: () =>
    new RequestError('UNAUTHENTICATED', 'This credential is not valid, or not any more.', {
      headers: { 'www-authenticate': 'Bearer realm="tessera", error="invalid_token"' },
    }),
  oneCredential: () =>
    new RequestError('BAD_REQUEST', 'Send one credential: Authorization or X-API-Key.'),
  headerOnce: (name: string) => new RequestError('BAD_REQUEST', `Send the header ${name} once.`),
  forbidden: (message: string) => new RequestError('FORBIDDEN', message),

  notFoundAtAddress: () => new RequestError('NOT_FOUND', 'There is nothing at this address.'),
  addressTooLong: (limit: number) =>
    new RequestError('URI_TOO_LONG', `An address has at most ${limit} characters.`),
  methodNotAllowed: (message: string, allow: string) =>
    new RequestError('METHOD_NOT_ALLOWED', message, { headers: { allow } }),
  notAcceptable: (types: string) =>
    new RequestError('NOT_ACCEPTABLE', `The answer comes as ${types}.`),

  clientGone: () => new RequestError('BAD_REQUEST', 'The client went away.'),
  bodyCutShort: () => new RequestError('BAD_REQUEST', 'The connection closed within the body.'),
  bodyTimedOut: () => new RequestError('REQUEST_TIMEOUT', 'The body took too long.'),
  bodyTooLarge: (limit: number) =>
    new RequestError('PAYLOAD_TOO_LARGE', `A body has at most ${limit} bytes.`),
  notJson: () =>
    unsupportedMediaType('Send JSON in UTF-8, with the header "Content-Type: application/json".'),
  bodyCompressed: () => unsupportedMediaType('Send the body uncompressed.'),
} as const;

function unsupportedMediaType(message: string) {
  return new RequestError('UNSUPPORTED_MEDIA_TYPE', message, {
    headers: { 'accept-post': 'application/json' },
  });
}
