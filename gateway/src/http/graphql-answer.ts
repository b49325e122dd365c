import type { GraphqlOutcome } from '../graphql/graphql-request.ts';
import { ByteList, bytesOf } from '../platform/bytes.ts';
import { DocumentError } from '../graphql/document-error.ts';
import { maskError, type ShownError } from './mask-error.ts';
import type { GraphqlAnswerType } from './media-types.ts';

/** The response to a GraphQL request, ready to be sent over HTTP. */
export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string | ByteList;
  readonly errors: readonly ShownError[];
}

const none = {};
const noErrors: readonly never[] = [];

/**
 * Builds the response to a request that failed.
 * @param thrown the error that prevented or stopped execution
 */
export function answerFailure(
  thrown: unknown,
  type: GraphqlAnswerType,
  requestId: string,
): GraphqlAnswer {
  const errors = thrown instanceof DocumentError ? thrown.errors : [thrown];
  const shown = errors.map((error) => maskError(error, requestId));
  return answerErrors(shown, type, decisiveError(shown), '');
}

/** Builds the response to an executed operation. `data` must already be serialized and is inserted unchanged. */
export function answer(
  { data, hasData = data !== null, errors }: GraphqlOutcome,
  type: GraphqlAnswerType,
  requestId: string,
): GraphqlAnswer {
  if (errors.length > 0) {
    const shown = errors.map((error) => maskError(error, requestId));
    const decisive = hasData ? undefined : decisiveError(shown);
    return answerErrors(shown, type, decisive, `,"data":${String(data ?? 'null')}`);
  }
  return {
    status: 200,
    headers: none,
    contentType: contentTypes[type.type],
    body: successBody(data),
    errors: noErrors,
  };
}

function successBody(data: GraphqlOutcome['data']): GraphqlAnswer['body'] {
  return data instanceof ByteList
    ? new ByteList().add(beforeData).addAll(data).add(afterData)
    : `{"data":${data ?? 'null'}}`;
}

const beforeData = bytesOf('{"data":');
const afterData = bytesOf('}');

const contentTypes: Readonly<Record<GraphqlAnswerType['type'], string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
};

/** Puts the members in the order that is easiest to read: errors before data. */
function answerErrors(
  errors: readonly ShownError[],
  type: GraphqlAnswerType,
  decisive: ShownError | undefined,
  data: string,
): GraphqlAnswer {
  return {
    status: decisive === undefined ? 200 : statusFor(decisive, type),
    headers: decisive?.headers ?? none,
    contentType: contentTypes[type.type],
    body: `{"errors":${JSON.stringify(errors.map(({ entry }) => entry))}${data}}`,
    errors,
  };
}

/** Chooses the error that determines the status. A server fault takes precedence over client errors. */
function decisiveError(errors: readonly ShownError[]): ShownError | undefined {
  return errors.find(({ surprise }) => surprise !== null) ?? errors[0];
}

function statusFor(error: ShownError, { keepsTo200 }: GraphqlAnswerType): number {
  return error.isGraphqlRequestError && keepsTo200 ? 200 : error.status;
}
