import {
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';

import { documentErrors } from './document-errors.ts';

/**
 * Selects the operation to run from a document.
 *
 * @param operationName null if the request does not name an operation
 * @param mayChange false for GET, which can only run queries
 * @throws UndeterminedOperationError if the operation is missing or ambiguous
 * @throws RequestError `METHOD_NOT_ALLOWED` if a GET request selects a mutation
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
