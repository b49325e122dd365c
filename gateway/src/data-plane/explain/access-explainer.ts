import { GraphQLError } from 'graphql';
import pg from 'pg';

import { projectNames } from '../../engine/migrations.ts';
import {
  isDataException,
  operationErrors,
  OperationError,
  type ApiAccess,
  type ExplainedCaller,
} from '../../engine/runtime.ts';
import { documentCodeOf, DocumentError } from '../../graphql/document-error.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import { createAnswerBudget } from '../../platform/answer-budget.ts';
import { Canceller } from '../../platform/cancellation.ts';
import { ClientError } from '../../platform/errors/client-error.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { decodeError } from '../compute/remote-errors.ts';
import type { ExplainedRule } from '../compute/explain-operation.ts';
import { createStatementService, receivedList } from '../compute/remote-statements.ts';
import type { Compute } from '../compute/tasks.ts';
import { ConnectionLostError, UnansweredError } from '../connections/exchange.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { hashOfSdl } from '../projects/project-schema.ts';

/** The result of an operation that ran as another caller, and the rules that decided about it. */
export interface AccessExplanation {
  /** Null if the operation was not selected. */
  readonly type: 'query' | 'mutation' | null;
  readonly data: unknown;
  /** Like in a response of the project's API. */
  readonly errors: readonly ResponseError[];
  readonly rules: readonly ExplainedRule[];
}

interface ResponseError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface ExplainedOperation {
  readonly ref: string;
  /** The SDL of the project's current version. */
  readonly sdl: string;
  /** What the role of the member permits. */
  readonly access: ApiAccess;
  readonly as: ExplainedCaller;
  readonly request: GraphqlRequest;
  /** Whether the project has reached its maximum size. */
  readonly isFull: boolean;
}

/**
 * Runs an operation as a caller to whom access rules apply, without changing anything.
 * @throws RequestError `OVERLOADED` or `TIMEOUT`
 */
export type AccessExplainer = (operation: ExplainedOperation) => Promise<AccessExplanation>;

const mebibyte = 1_048_576;
/** All rows that are read for one explanation. */
const limits = { perAnswer: 4 * mebibyte, perHolder: 8 * mebibyte, total: 32 * mebibyte };

export interface AccessExplainerDependencies {
  readonly compute: Compute;
  readonly connections: Pick<ProjectConnections, 'run' | 'lease'>;
  /** The time limit for one explanation. @default 15000 */
  readonly timeoutMs?: number;
}

export function createAccessExplainer({
  compute,
  connections,
  timeoutMs = 15_000,
}: AccessExplainerDependencies): AccessExplainer {
  const budget = createAnswerBudget({ limits });
  return async ({ ref, sdl, ...input }) => {
    const names = projectNames(ref);
    const memory = budget.open(ref);
    const signal = new Canceller();
    const timer = setTimeout(() => signal.abort(requestErrors.timedOut()), timeoutMs);
    const charge = () => undefined;
    const statements = createStatementService({ connections, names, charge, signal, memory });
    try {
      const { data, error, type, rules } = await compute.run('explain', {
        owner: ref,
        input: { ...input, names, schema: { sdl, hash: hashOfSdl(sdl) } },
        answer: statements.answer,
        signal,
      });
      const thrown = error && decodeError(error, statements.errors);
      return {
        type,
        data: data && JSON.parse(receivedList(data).toString()),
        errors: thrown === null ? [] : shownErrors(thrown),
        rules,
      };
    } finally {
      clearTimeout(timer);
      statements.close();
      memory.close();
    }
  };
}

/** @throws the error if it is not about the operation, such as `OVERLOADED` */
function shownErrors(thrown: unknown): readonly ResponseError[] {
  const error = explained(thrown);
  if (error instanceof DocumentError) {
    return error.errors.map(({ message, locations = [], extensions }) => ({
      message,
      ...(locations.length === 0
        ? {}
        : { locations: locations.map(({ line, column }) => ({ line, column })) }),
      extensions: { ...extensions },
    }));
  }
  if (error instanceof GraphQLError && documentCodeOf(error) !== null) {
    return [{ message: error.message, extensions: { ...error.extensions } }];
  }
  if (!isClientError(error) || error.transient || error.status >= 500) throw error;
  const { message, path, code, extensions } = error;
  return [
    { message, ...(path === undefined ? {} : { path }), extensions: { code, ...extensions } },
  ];
}

/** Without its type parameter, `ClientError` has the code `any`. */
function isClientError(error: unknown): error is ClientError {
  return error instanceof ClientError;
}

function explained(thrown: unknown): unknown {
  if (thrown instanceof OperationError && thrown.code === 'ANSWER_TOO_LARGE') {
    return operationErrors.answerTooLarge(limits.perAnswer);
  }
  if (thrown instanceof UnansweredError) return requestErrors.timedOut();
  if (thrown instanceof ConnectionLostError) return requestErrors.databaseUnavailable(thrown);
  return thrown instanceof pg.DatabaseError && isDataException(thrown.code ?? '')
    ? operationErrors.resultOutOfRange({ cause: thrown })
    : thrown;
}
