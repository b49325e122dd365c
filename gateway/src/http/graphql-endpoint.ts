import type { GraphqlOutcome, GraphqlRequest } from '../graphql/graphql-request.ts';
import {
  inspectBody,
  requestFromBody,
  requestFromQuery,
  type NumberReading,
} from '../graphql/parse-request.ts';
import type { AnswerBudget, AnswerMemory } from '../platform/answer-budget.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { GraphqlOperationObservation } from '../platform/telemetry/metrics.ts';
import type { BodyReservation } from './body-budget.ts';
import type { CrossOriginPolicy } from './cross-origin.ts';
import { answer, answerFailure, type GraphqlAnswer } from './graphql-answer.ts';
import { requireJson } from './require-json.ts';
import type { ShownError } from './mask-error.ts';
import { negotiateGraphqlType, plainJson, type GraphqlAnswerType } from './media-types.ts';
import { refusedAnswer } from '../data-plane/operations/answer-rows.ts';
import { recordUsage, type RecordUsage } from './record-usage.ts';
import { readBody, refuseDeclaredLength, type BodyLimits } from './read-body.ts';
import type { RequestScope } from './request-scope.ts';
import { byteLengthOf } from './response-body.ts';
import { send } from './responses.ts';
import type { SlowDown } from './slow-down.ts';

export interface GraphqlHttpOptions {
  readonly logger: Logger;
  readonly countOperation: (operation: GraphqlOperationObservation) => void;
  readonly recordUsage: RecordUsage;
}

/**
 * One of the two GraphQL APIs.
 * @typeParam Target what the path identifies, such as a project
 */
export interface GraphqlSurface<Target> {
  readonly name: GraphqlOperationObservation['surface'];
  readonly bodyLimits: BodyLimits;
  readonly numbers: NumberReading;
  /** Whether requests can be authenticated by cookies. */
  readonly usesCookies: boolean;
  /**
   * Checks the credential, limits and access before the body is read, and records the caller in the request scope's
   * observation.
   * @returns a promise only if something was not cached
   * @throws RequestError
   */
  admit(scope: RequestScope, target: Target): Admission | Promise<Admission>;
}

/** A caller that can run operations. */
export interface Admission {
  readonly run: RunRequest;
  /** Parses and runs a large body without delaying other requests. If absent, the endpoint parses bodies of any size. */
  readonly runBody?: (body: Buffer, memory: AnswerMemory) => Promise<GraphqlOutcome>;
  /** The maximum number of bytes of this caller's body, if it is less than for other callers. */
  readonly bodyBytes?: number;
  /**
   * Identifies whose share of request-body memory the request counts against: an API key, a user, a project or all
   * anonymous clients together.
   */
  readonly bodyHolder: string;
  /** Identifies whose share of the memory for answers the answer counts against. @default `bodyHolder` */
  readonly answerHolder?: string;
}

/** Parsing a larger body would delay other requests by more than a millisecond. */
const maxParsedBytes = 65_536;
/** A shorter body is checked when it is parsed. */
const inspection = { fromBytes: maxParsedBytes + 1, start: inspectBody };

/** @param memory the memory for the answer, which is released when the response is complete */
type RunRequest = (request: GraphqlRequest, memory: AnswerMemory) => Promise<GraphqlOutcome>;

/**
 * Serves a GraphQL API over HTTP. The headers, the credential and the caller's limits are checked before the body is
 * read. Every response, including errors, has the shape of a GraphQL response:
 * `{ errors: [{ message, extensions: { code } }], data }`.
 */
export function createGraphqlEndpoint<Target>(
  options: GraphqlHttpOptions & {
    readonly crossOrigin: CrossOriginPolicy;
    /** Opens a memory reservation for one request's body. */
    readonly openBody: (holder: string) => BodyReservation;
    readonly slowDown: SlowDown;
    readonly answerBudget: AnswerBudget;
  },
  surface: GraphqlSurface<Target>,
): (scope: RequestScope, target: Target) => Promise<void> {
  const { crossOrigin, openBody, slowDown, answerBudget, logger } = options;
  const { bodyLimits, numbers } = surface;

  return async (scope, target) => {
    const { request, requestId } = scope;
    let type: GraphqlAnswerType = plainJson;
    let operationType: GraphqlOperationObservation['type'] = 'unknown';
    let answered: GraphqlAnswer;
    let body: BodyReservation | null = null;
    try {
      type = negotiateGraphqlType(request.headers.accept);
      const isPost = checkHead(scope, surface, crossOrigin);
      // `await` on a value that is not a promise would still delay each request by a microtask.
      const admitted = surface.admit(scope, target);
      const {
        run,
        runBody,
        bodyBytes,
        bodyHolder,
        answerHolder = bodyHolder,
      } = admitted instanceof Promise ? await admitted : admitted;
      if (isPost) body = openBody(bodyHolder);
      const memory = answerBudget.open(answerHolder);
      scope.whenClosed(() => memory.close());
      let outcome: GraphqlOutcome;
      if (body === null) {
        outcome = await run(requestFromQuery(scope.query, numbers), memory);
      } else {
        const limits = bodyBytes === undefined ? bodyLimits : { ...bodyLimits, bytes: bodyBytes };
        const bytes = await readBody(request, limits, body, inspection);
        outcome =
          runBody !== undefined && bytes.length > maxParsedBytes
            ? await runBody(bytes, memory)
            : await run(requestFromBody(bytes, numbers), memory);
      }
      operationType = outcome.operationType;
      answered = answer(outcome, type, requestId);
      reserveBody(memory, answered.body, operationType);
    } catch (error) {
      // An error after the client has disconnected is not the gateway's fault, and no one reads the response.
      answered = answerFailure(
        scope.response.destroyed ? requestErrors.clientGone() : error,
        type,
        requestId,
      );
    } finally {
      body?.release();
    }
    const { errors } = answered;
    if (errors.length > 0) logSurprises(errors, scope, logger);
    options.countOperation({
      surface: surface.name,
      type: operationType,
      outcome: outcomeOf(errors),
    });
    recordUsage(scope, errors.length > 0, options.recordUsage);
    scope.head.setAll(answered.headers);
    const slowed = slowDown(scope, answered.status);
    if (slowed !== null) await slowed;
    const compresses = surface.name === 'project' || operationType === 'query';
    send(scope, answered.status, answered.contentType, answered.body, { compresses });
  };
}

/**
 * Reserves memory for the part of the body that was not reserved when it was created, such as introspection.
 * @throws OperationError `ANSWER_TOO_LARGE` or RequestError `OVERLOADED`, but not for a mutation, whose changes were
 * already made
 */
function reserveBody(
  memory: AnswerMemory,
  body: GraphqlAnswer['body'],
  operationType: GraphqlOutcome['operationType'],
): void {
  const more = byteLengthOf(body) - memory.reserved;
  if (more <= 0) return;
  if (operationType === 'mutation') {
    memory.add(more);
    return;
  }
  const refusal = memory.reserve(more);
  if (refusal !== null) throw refusedAnswer(refusal);
}

/** HEAD is supported wherever GET is (RFC 9110, 9.1). */
export const graphqlMethods = 'GET, HEAD, POST, OPTIONS';

/** Checks the headers before the body is read. @returns whether the request has a body */
function checkHead(
  scope: RequestScope,
  { bodyLimits: limits, usesCookies }: Pick<GraphqlSurface<never>, 'bodyLimits' | 'usesCookies'>,
  crossOrigin: CrossOriginPolicy,
): boolean {
  const { request, method } = scope;
  const isPost = method === 'POST';
  if (!isPost && method !== 'GET' && method !== 'HEAD') {
    throw requestErrors.methodNotAllowed('Use GET or POST for GraphQL requests.', graphqlMethods);
  }
  if (usesCookies) crossOrigin.refuseForeignCookies(request);
  if (isPost) {
    requireJson(request);
    refuseDeclaredLength(request, limits);
  }
  return isPost;
}

/** Every item in a list can fail. The first few errors are enough for the log. */
const maxLoggedSurprises = 5;

function logSurprises(errors: readonly ShownError[], scope: RequestScope, logger: Logger): void {
  const surprises = errors.filter(({ surprise }) => surprise !== null);
  for (const { surprise, entry } of surprises.slice(0, maxLoggedSurprises)) {
    const { requestId } = scope;
    logger.error({ err: surprise?.cause, requestId, path: entry.path }, 'Request failed');
  }
}

function outcomeOf(errors: readonly ShownError[]): GraphqlOperationObservation['outcome'] {
  if (errors.length === 0) return 'ok';
  return errors.some(({ surprise }) => surprise !== null) ? 'failed' : 'refused';
}
