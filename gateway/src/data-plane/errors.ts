import type { ApiAccess, OperationCode } from '../engine/runtime.ts';
import type { DocumentCode } from '../graphql/document-error.ts';
import { RequestError, type RequestCode } from '../platform/errors/request-error.ts';

/**
 * The possible values of `extensions.code` in a project's API. The codes for operation errors are declared in
 * engine/errors.ts. Codes shared by both APIs, such as those with status 503, are declared in
 * platform/errors/request-error.ts.
 */
export type DataPlaneCode = RequestCode | DocumentCode | OperationCode;

/** Errors about a project as a whole. */
export const projectErrors = {
  notFound: () =>
    new RequestError('NOT_FOUND', 'The project does not exist, or you do not have access to it.'),
  noSchemaYet: () =>
    new RequestError(
      'BAD_USER_INPUT',
      'This project has no schema yet. Apply a schema to create its API.',
    ),
  schemaNotReadable: () =>
    new RequestError('FORBIDDEN', 'This key does not have access to the schema.'),
  noMutations: (access: Pick<ApiAccess, 'rules' | 'write'>) =>
    new RequestError('GRAPHQL_VALIDATION_FAILED', whyNoMutations(access)),
  noSubscriptions: () =>
    new RequestError('GRAPHQL_VALIDATION_FAILED', 'Subscriptions are not supported.'),
} as const;

function whyNoMutations({ rules, write }: Pick<ApiAccess, 'rules' | 'write'>): string {
  if (rules === null) return 'This key does not have access to any mutations.';
  return write === 'ALL' || write.size > 0
    ? 'The access rules of the project do not permit any mutations to this caller.'
    : 'This caller can only read, because its key has no scope to write, or because a member views the project as this caller.';
}
