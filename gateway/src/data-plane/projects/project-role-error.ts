/**
 * The project's PostgreSQL role cannot be used: it is missing, the gateway cannot switch to it, or it has privileges
 * that it must not have. The statement did not run. The client gets a masked error, because only an operator can act on
 * the message.
 */
export class ProjectRoleError extends Error {
  override readonly name = 'ProjectRoleError';
}
