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
  notSubscription: () =>
    new RequestError('GRAPHQL_VALIDATION_FAILED', 'The operation is not a subscription.'),
  /** A subscription whose field has another meaning in a new version of the schema. */
  schemaChanged: () =>
    new RequestError(
      'GRAPHQL_VALIDATION_FAILED',
      'The schema of the project has changed. Start the subscription again.',
    ),
  noSubscriptions: () =>
    new RequestError(
      'GRAPHQL_VALIDATION_FAILED',
      'This caller has no subscriptions: it can read no model that has @live.',
    ),
  subscriptionTooLong: (limit: number) =>
    new RequestError(
      'QUERY_TOO_LARGE',
      `A document with a subscription can have at most ${limit} characters. Send long values as variables.`,
    ),
  /** A subscription was sent as an ordinary request. */
  subscribeInstead: () =>
    new RequestError(
      'BAD_REQUEST',
      'A subscription needs a connection that stays open: connect to this URL by WebSocket with the protocol graphql-transport-ws, or send a POST with "Accept: text/event-stream".',
    ),
} as const;

/** Whether a subscription was sent as an ordinary request. The compute thread sends errors as copies. */
export function isSubscriptionElsewhere(error: unknown): boolean {
  const { code, message } = projectErrors.subscribeInstead();
  return error instanceof RequestError && error.code === code && error.message === message;
}

function whyNoMutations({ rules, write }: Pick<ApiAccess, 'rules' | 'write'>): string {
  if (rules === null) return 'This key does not have access to any mutations.';
  return write === 'ALL' || write.size > 0
    ? 'The access rules of the project do not permit any mutations to this caller.'
    : 'This caller can only read, because its key has no scope to write, or because a member views the project as this caller.';
}
