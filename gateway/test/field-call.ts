import { GraphQLInt, GraphQLObjectType, GraphQLSchema, graphqlSync } from 'graphql';

import type { FieldCall } from '../src/control-plane/graphql/field-limits.ts';

/** Returns the arguments that GraphQL passes to a field's resolver. */
export function captureFieldCall(): FieldCall {
  const calls: FieldCall[] = [];
  const query = new GraphQLObjectType({
    name: 'Query',
    fields: {
      limited: {
        type: GraphQLInt,
        resolve: (parent: unknown, args: FieldCall['args'], context: object, info) =>
          calls.push({ parent, args, context, info }),
      },
    },
  });
  graphqlSync({
    schema: new GraphQLSchema({ query }),
    source: '{ limited }',
    contextValue: {},
  });
  const [call] = calls;
  if (call === undefined) throw new Error('The resolver was not called.');
  return call;
}
