/**
 * Stands in for `graphql` where graphql-request asks for it: to read a document's syntax tree, or to print one. Ours
 * are text, and sent without being read (`excludeOperationName`), so that a parser and a printer need not be
 * part of what a browser loads first.
 */
const notHere = (): never => {
  throw new Error('Documents are sent as text: graphql-request reads and prints none here.');
};

export const parse = notHere;
export const print = notHere;
export const Kind = { OPERATION_DEFINITION: 'OperationDefinition' } as const;
