/**
 * The reason why the embedded PostgreSQL cannot run. The message tells the operator what is wrong and how to fix it.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}
