import {
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';

import { documentErrors } from './document-errors.ts';

/**
 * The operation of a document that a request asks for.
 *
 * @param operationName null where the request names none
 * @param mayChange false for GET, which may only look
 * @throws RequestError `BAD_REQUEST` where it is not clear what to run, `METHOD_NOT_ALLOWED` for a change by GET
 */
export function selectOperation(
  document: DocumentNode,
  operationName: string | null,
  mayChange: boolean,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation == null) {
    throw operationName === null
      ? documentErrors.severalOperations()
      : documentErrors.noSuchOperation();
  }
  if (operation.operation !== OperationTypeNode.QUERY && !mayChange) {
    throw documentErrors.mutationByGet();
  }
  return operation;
}
