import { GraphQLError, type ASTNode } from 'graphql';

/** What a client is told of a value that a scalar does not take; never with the value, which may be long. */
export function refusal(message: string, node?: ASTNode): GraphQLError {
  return new GraphQLError(message, {
    ...(node === undefined ? {} : { nodes: node }),
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
