/** Why the database cannot be brought to this version, in words for whoever runs the gateway. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
