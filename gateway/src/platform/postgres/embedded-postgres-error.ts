/**
 * Why the embedded PostgreSQL cannot run, in words for whoever started the gateway: what is wrong, where,
 * and the way out.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}
