import type { Fetcher } from '@graphiql/toolkit';
import { ClientError } from 'graphql-request';
import { type ExecutionResult, GraphQLError, parse, print, separateOperations } from 'graphql';

import { ApiError } from '#console/lib/api/errors.ts';
import type { ProjectOperation } from '#console/lib/api/project.ts';

/** Sends an operation to a project's API and returns its data. @throws ApiError */
export type Send = (operation: ProjectOperation) => Promise<Record<string, unknown>>;

/** A GraphiQL fetcher that sends requests with `send`. API errors are part of the result. */
export const createProjectFetcher =
  (send: Send): Fetcher =>
  async ({ query, variables, operationName }) => {
    try {
      const data = await send({
        document: chosenOperation(query, operationName),
        // GraphiQL parses the editor's JSON and always passes an object.
        variables: variables as Record<string, unknown>,
      });
      return { data };
    } catch (error) {
      if (error instanceof ApiError) return answerOf(error);
      throw error;
    }
  };

/** Extracts the chosen operation with its fragments, because `requestProject` cannot send an operation name. */
function chosenOperation(query: string, name: string | null | undefined): string {
  if (name == null) return query;
  const operations = separateOperations(parse(query));
  const chosen = operations[name];
  return chosen === undefined || Object.keys(operations).length === 1 ? query : print(chosen);
}

function answerOf({ cause, code, message, requestId }: ApiError): ExecutionResult {
  const response = cause instanceof ClientError ? cause.response : undefined;
  const extensions = { code, ...(requestId !== null && { requestId }) };
  return {
    // The `data` of a GraphQL response is an object.
    ...(response?.data != null && { data: response.data as Record<string, unknown> }),
    errors: response?.errors ?? [new GraphQLError(message, { extensions })],
  };
}
