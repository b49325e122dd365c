import type { GraphQLError, GraphQLSchema } from 'graphql';
import { createYoga, isAsyncIterable } from 'graphql-yoga';

import { checkVariables } from '../../graphql/check-variables.ts';
import type { DocumentLimits } from '../../graphql/document-limits.ts';
import { createDocumentStore } from '../../graphql/document-store.ts';
import { selectOperation } from '../../graphql/select-operation.ts';
import type { GraphqlOutcome, GraphqlRequest } from '../../graphql/graphql-request.ts';
import { unitsOf, type Charge } from '../../graphql/request-cost.ts';

/** The limits for documents that are sent to the control plane. */
export const managementDocumentLimits: DocumentLimits = {
  characters: 200_000,
  tokens: 2_000,
  brackets: 200,
  depth: 12,
  fields: 200,
  samePairs: 20_000,
  introspectionFields: 500,
  cost: 5_000,
  pageSize: 100,
  defaultPageSize: 20,
  isCount: ({ name }) => name === 'totalCount',
  extraCost: () => 0,
};

export interface RunOptions {
  /** Called after the document has been validated. */
  readonly createContext: () => object;
  /** Counts the operation against the caller's rate limit. */
  readonly charge: Charge;
}

export type RunGraphql = (request: GraphqlRequest, options: RunOptions) => Promise<GraphqlOutcome>;

/**
 * Runs GraphQL requests against a schema: first the limits, then GraphQL's validation rules, then Yoga's executor with
 * its plugins. Yoga's HTTP layer is not used (docs/decisions/0004-node-http-in-front-of-yoga.md).
 */
export function createGraphqlExecution(schema: GraphQLSchema, limits: DocumentLimits): RunGraphql {
  const documents = createDocumentStore(schema, limits);
  const yoga = createYoga({ schema, logging: false, maskedErrors: false });

  return async ({ query, operationName, variables, mayChange }, { createContext, charge }) => {
    const { document, work } = documents.prepare(query, variables);
    const operation = selectOperation(document, operationName, mayChange);
    checkVariables(schema, operation, variables);
    await charge(unitsOf(work.get(operation) ?? 0, variables));
    const { execute, contextFactory } = yoga.getEnveloped(createContext());
    const result: unknown = await execute({
      schema,
      document,
      contextValue: await contextFactory(),
      variableValues: variables,
      operationName,
    });
    const { data, errors = [] } = requireSingleResult(result);
    return {
      operationType: operation.operation,
      errors,
      data: data == null ? null : JSON.stringify(data),
      hasData: data != null && hasSuccess(data, errors),
    };
  };
}

/** Reports whether a root field has a value, or is null without an error. */
function hasSuccess(data: Readonly<Record<string, unknown>>, errors: readonly GraphQLError[]) {
  const failed = new Set(errors.map(({ path }) => path?.[0]));
  return Object.entries(data).some(([key, value]) => value !== null || !failed.has(key));
}

interface SingleResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLError[];
}

/**
 * Returns a result that is not a stream. Throws for a stream, which only subscriptions and `@defer` return. The schema
 * has neither.
 */
function requireSingleResult(result: unknown): SingleResult {
  if (isAsyncIterable(result)) throw new Error('The operation returned a stream.');
  // The executor's result if it is not a stream (GraphQL, section 7.1).
  return result as SingleResult;
}
