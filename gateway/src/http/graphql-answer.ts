import type { GraphqlOutcome } from './graphql-execution.ts';
import { InvalidRequest } from '../platform/documents/invalid-request.ts';
import { maskError, type ShownError } from './mask-error.ts';
import type { GraphqlAnswerType } from './media-types.ts';

/** A GraphQL answer, ready for HTTP. */
export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string;
  readonly errors: readonly ShownError[];
}

/** @param thrown what stopped the request before or instead of its execution */
export function answerFailure(
  thrown: unknown,
  type: GraphqlAnswerType,
  requestId: string,
): GraphqlAnswer {
  const errors = thrown instanceof InvalidRequest ? thrown.errors : [thrown];
  return answer({ errors }, type, requestId);
}

/** The answer to what was executed. */
export function answer(
  outcome: Pick<GraphqlOutcome, 'data' | 'errors'>,
  type: GraphqlAnswerType,
  requestId: string,
): GraphqlAnswer {
  const errors = outcome.errors.map((error) => maskError(error, requestId));
  const decisive = hasData(outcome.data) ? undefined : decisiveError(errors);
  return {
    status: decisive === undefined ? 200 : statusFor(decisive, type),
    headers: decisive?.headers ?? {},
    contentType: `${type.type}; charset=utf-8`,
    // The members in the order in which people read them.
    body: JSON.stringify({
      ...(errors.length === 0 ? {} : { errors: errors.map(({ entry }) => entry) }),
      ...(outcome.data === undefined ? {} : { data: outcome.data }),
    }),
    errors,
  };
}

/**
 * Did anything come of it? Then the status is 200, whatever else failed: a client must not throw away the
 * one key that was made because a second was refused.
 */
function hasData(data: GraphqlOutcome['data']): boolean {
  return data != null && Object.values(data).some((value) => value !== null);
}

/** A failure of ours outweighs what the client did. */
function decisiveError(errors: readonly ShownError[]): ShownError | undefined {
  return errors.find(({ surprise }) => surprise !== null) ?? errors[0];
}

function statusFor(error: ShownError, { keepsTo200 }: GraphqlAnswerType): number {
  return error.isGraphqlRequestError && keepsTo200 ? 200 : error.status;
}
