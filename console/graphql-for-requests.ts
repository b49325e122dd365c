/**
 * Replaces the `graphql` package that graphql-request uses to parse and print documents. The console sends documents as
 * text without parsing them (`excludeOperationName`), so the first load does not need a parser.
 */
const notHere = (): never => {
  throw new Error(
    'The console sends documents as text, so graphql-request must not parse or print them.',
  );
};

export const parse = notHere;
export const print = notHere;
export const Kind = { OPERATION_DEFINITION: 'OperationDefinition' } as const;
