import type { Fetcher, Observable } from '@graphiql/toolkit';
import { ClientError } from 'graphql-request';
import {
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  print,
  separateOperations,
} from 'graphql';

import { ApiError } from '#console/lib/api/errors.ts';
import type { LiveOperation, ProjectLive } from '#console/lib/api/live.ts';
import type { ProjectOperation } from '#console/lib/api/project.ts';

/** Sends an operation to a project's API and returns its data. @throws ApiError */
export type Send = (operation: ProjectOperation) => Promise<Record<string, unknown>>;

/** What the explorer shows about a subscription. */
export interface LiveProgress {
  readonly state: 'WAITING' | 'RUNNING' | 'ENDED';
  /** The number of results that were received. */
  readonly results: number;
}

export interface FetcherOptions {
  readonly send: Send;
  /** Runs subscriptions; a text says why they are not possible. */
  readonly live: ProjectLive | string;
  readonly onProgress: (progress: LiveProgress) => void;
}

/** A GraphiQL fetcher that sends requests with `send`, and subscribes with `live`. API errors are part of the result. */
export const createProjectFetcher =
  ({ send, live, onProgress }: FetcherOptions): Fetcher =>
  async ({ query, variables, operationName }) => {
    const operation = {
      document: chosenOperation(query, operationName),
      // GraphiQL parses the editor's JSON and always passes an object.
      variables: variables as Record<string, unknown>,
    };
    if (isSubscription(operation.document)) {
      if (typeof live === 'string') return { errors: [new GraphQLError(live)] };
      return subscriptionOf(live, operation, onProgress);
    }
    try {
      return { data: await send(operation) };
    } catch (error) {
      if (error instanceof ApiError) return answerOf(error);
      throw error;
    }
  };

/** Documents that cannot be parsed are sent like queries, so that the gateway says what is wrong. */
function isSubscription(document: string): boolean {
  try {
    return getOperationAST(parse(document))?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false;
  }
}

/** GraphiQL shows each result instead of the one before, and ends the subscription with its stop button. */
function subscriptionOf(
  live: ProjectLive,
  operation: LiveOperation,
  onProgress: FetcherOptions['onProgress'],
): Observable<ExecutionResult> {
  const subscribe = (observer: {
    next: (value: ExecutionResult) => void;
    complete: () => void;
  }): { unsubscribe: () => void } => {
    let results = 0;
    onProgress({ state: 'WAITING', results });
    const stop = live.subscribe(operation, {
      next: (result) => {
        results += 1;
        // A response of GraphQL, with the errors as they were sent.
        observer.next(result as ExecutionResult);
        onProgress({ state: 'RUNNING', results });
      },
      end: (error) => {
        if (error !== null) observer.next(answerOf(error));
        observer.complete();
        onProgress({ state: 'ENDED', results });
      },
    });
    return {
      unsubscribe: () => {
        stop();
        onProgress({ state: 'ENDED', results });
      },
    };
  };
  // The fetcher type expects the three forms of arguments of observables. GraphiQL passes an object.
  return { subscribe } as unknown as Observable<ExecutionResult>;
}

/** Extracts the chosen operation with its fragments, because `requestProject` cannot send an operation name. */
function chosenOperation(query: string, name: string | null | undefined): string {
  if (name == null) return query;
  const operations = separateOperations(parse(query));
  const chosen = operations[name];
  return chosen === undefined || Object.keys(operations).length === 1 ? query : print(chosen);
}

function answerOf({ cause, code, message, requestId }: ApiError): ExecutionResult {
  // A subscription fails with a list of errors.
  if (Array.isArray(cause)) return { errors: cause as readonly GraphQLError[] };
  const response = cause instanceof ClientError ? cause.response : undefined;
  const extensions = { code, ...(requestId !== null && { requestId }) };
  return {
    // The `data` of a GraphQL response is an object.
    ...(response?.data != null && { data: response.data as Record<string, unknown> }),
    errors: response?.errors ?? [new GraphQLError(message, { extensions })],
  };
}
