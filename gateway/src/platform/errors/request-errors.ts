import { RequestError } from './request-error.ts';

/**
 * The errors that do not depend on a feature, such as errors in HTTP requests or credentials, exceeded limits and
 * overload.
 */
export const requestErrors = {
  rateLimited: (retryAfterSeconds: number) =>
    new RequestError('RATE_LIMITED', 'Too many requests. Try again later.', {
      retryAfterSeconds,
    }),
  /** The request can never run within the limit, so there is no time to wait. */
  costAboveLimit: (units: number, limit: number) =>
    new RequestError(
      'QUERY_TOO_COMPLEX',
      `The operation costs ${units} units, but the caller's limit is ${limit} per minute. Request fewer fields, rows or counts.`,
    ),
  /** Nothing was changed, so that the client can repeat any request. */
  overloaded: (retryAfterSeconds = 1) =>
    new RequestError('OVERLOADED', 'The server is busy. Try again in a moment.', {
      retryAfterSeconds,
    }),
  /** A user's token cannot be verified, because the keys of its issuer are not known. */
  issuerUnavailable: () =>
    new RequestError(
      'OVERLOADED',
      "The user token cannot be verified, because its issuer's keys could not be fetched. Try again later.",
      { retryAfterSeconds: 30 },
    ),
  /** The database could not run the request, and nothing was changed. @param cause logged */
  databaseUnavailable: (cause: unknown) =>
    new RequestError(
      'OVERLOADED',
      'The database is temporarily unavailable. Nothing was changed. Try again in a moment.',
      { retryAfterSeconds: 1, cause },
    ),
  /**
   * The change might have been committed. The error has no `Retry-After`, because a repeated request could apply the
   * change a second time.
   * @param cause logged
   */
  outcomeUnknown: (cause: unknown) =>
    new RequestError(
      'OUTCOME_UNKNOWN',
      'The connection to the database was lost. It is unknown whether the change was applied. Check the data before you try again.',
      { cause },
    ),
  timedOut: () =>
    new RequestError(
      'TIMEOUT',
      'The request exceeded its time limit. Request less data, or filter by fields that have an index.',
    ),
  tooMuchWork: () =>
    new RequestError(
      'TIMEOUT',
      'The request takes too much time or memory to process. Send a smaller document, schema or input.',
    ),
  conflict: () =>
    new RequestError(
      'CONFLICT',
      'The data was changed by another request. Reload it and try again.',
    ),
  notReady: (reason: string) => new RequestError('NOT_READY', reason),

  unauthenticated: (message: string) =>
    new RequestError('UNAUTHENTICATED', message, {
      headers: { 'www-authenticate': 'Bearer realm="tessera"' },
    }),
  /** The same error for unknown, expired and revoked keys and tokens (RFC 6750, section 3.1). */
  credentialNotValid: () =>
    new RequestError('UNAUTHENTICATED', 'The API key or access token is invalid or expired.', {
      headers: { 'www-authenticate': 'Bearer realm="tessera", error="invalid_token"' },
    }),
  oneCredential: () =>
    new RequestError('BAD_REQUEST', 'Send either the header Authorization or X-API-Key, not both.'),
  headerOnce: (name: string) =>
    new RequestError('BAD_REQUEST', `The header ${name} must not be sent more than once.`),
  forbidden: (message: string) => new RequestError('FORBIDDEN', message),

  notFoundAtAddress: () => new RequestError('NOT_FOUND', 'The requested URL was not found.'),
  addressTooLong: (limit: number) =>
    new RequestError('URI_TOO_LONG', `The URL must not exceed ${limit} characters.`),
  methodNotAllowed: (message: string, allow: string) =>
    new RequestError('METHOD_NOT_ALLOWED', message, { headers: { allow } }),
  notAcceptable: (types: string) =>
    new RequestError('NOT_ACCEPTABLE', `The response is available only as ${types}.`),

  clientGone: () => new RequestError('BAD_REQUEST', 'The client disconnected.'),
  bodyCutShort: () =>
    new RequestError(
      'BAD_REQUEST',
      'The connection was closed before the whole body was received.',
    ),
  bodyTimedOut: () => new RequestError('REQUEST_TIMEOUT', 'The body was not received in time.'),
  bodyTooLarge: (limit: number) =>
    new RequestError('PAYLOAD_TOO_LARGE', `The body must not exceed ${limit} bytes.`),
  notJson: () =>
    unsupportedMediaType('The body must be JSON in UTF-8 with "Content-Type: application/json".'),
  /** The header states which codings are supported (RFC 9110, 15.5.16). */
  bodyCompressed: () =>
    unsupportedMediaType('The body must not be compressed.', { 'accept-encoding': 'identity' }),
} as const;

function unsupportedMediaType(message: string, headers: Readonly<Record<string, string>> = {}) {
  return new RequestError('UNSUPPORTED_MEDIA_TYPE', message, {
    headers: { 'accept-post': 'application/json', ...headers },
  });
}
