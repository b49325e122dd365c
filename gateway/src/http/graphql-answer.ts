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
  return answerRefusal(
    errors.map((error) => maskError(error, { requestId })),
    type,
  );
}

/**
 * Builds the response to an operation. `data` must already be serialized and is inserted unchanged. A response with
 * `data` has the status 200 for every media type, also if `data` is null (GraphQL over HTTP, section 6.4.2). If every
 * root field failed, and the reason was a refusal or a server fault, the response has no `data`, so that its status
 * tells the reason to clients and proxies.
 */
export function answer(
  { operationType, data, hasData = data !== null, hasRun = true, errors }: GraphqlOutcome,
  type: GraphqlAnswerType,
  requestId: string,
): GraphqlAnswer {
  if (errors.length > 0) {
    const isMutation = operationType === 'mutation';
    const shown = errors.map((error) => maskError(error, { requestId, isMutation }));
    const isAnswered = hasRun && (hasData || decisiveError(shown)?.isFieldError !== false);
    if (!isAnswered) return answerRefusal(shown, type);
    // Puts the members in the order that is easiest to read: errors before data.
    return {
      status: 200,
      headers: none,
      contentType: contentTypes[type.type],
      body: `{"errors":${entriesOf(shown)},"data":${String(data ?? 'null')}}`,
      errors: shown,
    };
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

/** Builds a response without `data`. */
function answerRefusal(errors: readonly ShownError[], type: GraphqlAnswerType): GraphqlAnswer {
  const decisive = decisiveError(errors);
  return {
    status: decisive === undefined ? 200 : statusFor(decisive, type),
    headers: decisive?.headers ?? none,
    contentType: contentTypes[type.type],
    body: `{"errors":${entriesOf(errors)}}`,
    errors,
  };
}

function entriesOf(errors: readonly ShownError[]): string {
  return JSON.stringify(errors.map(({ entry }) => entry));
}

/** Chooses the error that determines the status. A server fault takes precedence over client errors. */
function decisiveError(errors: readonly ShownError[]): ShownError | undefined {
  return errors.find(({ surprise }) => surprise !== null) ?? errors[0];
}

function statusFor(error: ShownError, { keepsTo200 }: GraphqlAnswerType): number {
  return error.isGraphqlRequestError && keepsTo200 ? 200 : error.status;
}
