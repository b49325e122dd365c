/** Why a request of the gateway to another server has failed. */
export type EgressFailure =
  /** The URL is not allowed, so that no request was sent. */
  | 'URL_NOT_ALLOWED'
  /** The name has an address that is not public, so that no request was sent. */
  | 'ADDRESS_NOT_ALLOWED'
  | 'NAME_NOT_FOUND'
  | 'CONNECTION_FAILED'
  | 'TIMED_OUT'
  | 'REDIRECTED'
  | 'RESPONSE_TOO_LARGE'
  | 'RESPONSE_NOT_READABLE'
  /** Too many other requests are being sent. */
  | 'BUSY';

const messages: Readonly<Record<EgressFailure, string>> = {
  URL_NOT_ALLOWED:
    'The URL is not allowed. Use https, a host name or a public address, and no user name or password.',
  ADDRESS_NOT_ALLOWED: 'The host has an address that is not on the public internet.',
  NAME_NOT_FOUND: 'The host name could not be resolved.',
  CONNECTION_FAILED: 'The connection failed.',
  TIMED_OUT: 'The server did not respond in time.',
  REDIRECTED: 'The server responded with a redirect, which is not followed.',
  RESPONSE_TOO_LARGE: 'The response is too large.',
  RESPONSE_NOT_READABLE: 'The response is compressed, which was not requested.',
  BUSY: 'Too many requests to other servers are being sent.',
};

/** The message contains no part of the URL or the response, so that it can be logged and shown. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly failure: EgressFailure;

  constructor(failure: EgressFailure, options: ErrorOptions = {}) {
    super(messages[failure], options);
    this.failure = failure;
  }
}
