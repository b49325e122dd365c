import type { GraphQLSchema } from 'graphql';
import { createYoga, isAsyncIterable } from 'graphql-yoga';

import { checkVariables } from '../../graphql/check-variables.ts';
import type { DocumentLimits } from '../../graphql/document-limits.ts';
import { createDocumentStore } from '../../graphql/document-store.ts';
import { selectOperation } from '../../graphql/select-operation.ts';

/** What a document of the control plane may be at most. */
export const managementDocumentLimits: DocumentLimits = {
  characters: 200_000,
  tokens: 2_000,
  depth: 12,
  fields: 200,
  introspectionFields: 500,
  cost: 5_000,
  pageSize: 100,
  defaultPageSize: 20,
};

export interface GraphqlRequest {
  readonly params: {
    readonly query: string;
    readonly operationName: string | null;
    readonly variables: Readonly<Record<string, unknown>>;
  };
  /** False for GET, which may only look. */
  readonly mayChange: boolean;
  /** Made once the document is known to be good. */
  readonly context: () => object;
}

/** What came of it; `errors` are as they were thrown. */
export interface ExecutedOperation {
  readonly operationType: 'query' | 'mutation' | 'subscription';
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly unknown[];
}

export type RunGraphql = (request: GraphqlRequest) => Promise<ExecutedOperation>;

/**
 * Runs GraphQL requests against one schema: our limits, then GraphQL's rules, then Yoga's executor with its
 * plugins. Yoga's own HTTP stays out of it: docs/decisions/0004-node-http-in-front-of-yoga.md.
 */
export function createGraphqlExecution(schema: GraphQLSchema, limits: DocumentLimits): RunGraphql {
  const documents = createDocumentStore(schema, limits);
  const yoga = createYoga({ schema, logging: false, maskedErrors: false });

  return async ({ params, mayChange, context }) => {
    const document = documents.prepare(params.query, params.variables);
    const operation = selectOperation(document, params.operationName, mayChange);
    checkVariables(schema, operation, params.variables);
    const { execute, contextFactory } = yoga.getEnveloped(context());
    const result: unknown = await execute({
      schema,
      document,
      contextValue: await contextFactory(),
      variableValues: params.variables,
      operationName: params.operationName,
    });
    const { data, errors = [] } = requireSingleResult(result);
    return { operationType: operation.operation, errors, ...(data === undefined ? {} : { data }) };
  };
}

/** Streams of results come with subscriptions and `@defer`, and the schema has neither. */
function requireSingleResult(result: unknown): Partial<Pick<ExecutedOperation, 'data' | 'errors'>> {
  if (isAsyncIterable(result)) throw new Error('An operation answered with a stream.');
  // The executor's own shape for everything that is no stream (GraphQL, section 7.1).
  return result as Partial<Pick<ExecutedOperation, 'data' | 'errors'>>;
}
