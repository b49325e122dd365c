import type { GraphQLSchema } from 'graphql';
import type { ApiAccess } from './access.ts';
import type { ModelIndex } from './model-index.ts';

/** The API of a model as one kind of caller sees it. Holds nothing of any project. */
export interface ProjectApi {
  readonly index: ModelIndex;
  readonly access: ApiAccess;
  /** Each field carries its binding: `bindingOf`. It has no resolvers; introspection is all it can execute. */
  readonly schema: GraphQLSchema;
}
