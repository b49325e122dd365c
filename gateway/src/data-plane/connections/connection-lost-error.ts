/** The connection ended before the answer came: what the statement did, if anything, is not known. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';

  constructor(cause: unknown) {
    super('The connection to PostgreSQL was lost.', { cause });
  }
}
