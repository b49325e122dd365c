import type { OperationCode } from '../engine/runtime.ts';
import type { DocumentCode } from '../graphql/document-error.ts';
import { RequestError, type RequestCode } from '../platform/errors/request-error.ts';

/**
 * What `extensions.code` can be in a project's API. The codes are declared elsewhere: those of operations in
 * engine/errors.ts, those that both APIs have, such as every 503, in platform/errors/request-error.ts.
 */
export type DataPlaneCode = RequestCode | DocumentCode | OperationCode;

/** The catalogue of errors about a project as a whole. */
export const projectErrors = {
  notFound: () =>
    new RequestError('NOT_FOUND', 'There is no such project, or it is not yours to see.'),
  noSchemaYet: () =>
    new RequestError(
      'BAD_USER_INPUT',
      'This project has no schema yet. Apply one first; its API is here in the same moment.',
    ),
  schemaNotReadable: () => new RequestError('FORBIDDEN', 'This key may not read the schema.'),
  noMutations: () =>
    new RequestError('GRAPHQL_VALIDATION_FAILED', 'There is no mutation that this key may use.'),
  noSubscriptions: () =>
    new RequestError('GRAPHQL_VALIDATION_FAILED', 'There are no subscriptions in this API.'),
} as const;
