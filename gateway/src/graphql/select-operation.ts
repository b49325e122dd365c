import {
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';

import { Refusal } from '../platform/errors/refusal.ts';

/**
 * The operation of a document that a request asks for.
 *
 * @param operationName null where the request names none
 * @param mayChange false for GET, which may only look
 * @throws Refusal `BAD_REQUEST` where it is not clear what to run, `METHOD_NOT_ALLOWED` for a change by GET
 */
export function selectOperation(
  document: DocumentNode,
  operationName: string | null,
  mayChange: boolean,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation == null) {
    throw new Refusal(
      'BAD_REQUEST',
      operationName === null
        ? 'The document has several operations; name one in "operationName".'
        : 'The document has no operation of the name in "operationName".',
    );
  }
  if (operation.operation !== OperationTypeNode.QUERY && !mayChange) {
    throw new Refusal('METHOD_NOT_ALLOWED', 'Send mutations by POST.', {
      headers: { allow: 'POST' },
    });
  }
  return operation;
}
