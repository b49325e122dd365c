/** Why the embedded PostgreSQL cannot run. The message is for the operator: it says what is wrong and how to fix it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}
