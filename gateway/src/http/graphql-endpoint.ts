import type { Viewer } from '../control-plane/access/viewer.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { GraphqlOperationObservation } from '../platform/telemetry/metrics.ts';
import type { CountUse } from './count-use.ts';
import type { CrossOriginPolicy } from './cross-origin.ts';
import {
  answer,
  answerFailure,
  type GraphqlAnswer,
  type GraphqlOutcome,
} from './graphql-answer.ts';
import { identify, type IdentifyOptions } from './identify.ts';
import {
  paramsFromBody,
  paramsFromQuery,
  requireJson,
  type GraphqlParams,
} from './graphql-params.ts';
import type { ShownError } from './mask-error.ts';
import { negotiateGraphqlType, plainJson, type GraphqlAnswerType } from './media-types.ts';
import { readBody, refuseDeclaredLength, type BodyLimits } from './read-body.ts';
import type { RequestScope } from './request-scope.ts';
import { send } from './responses.ts';

/** What both GraphQL APIs stand on. */
export interface GraphqlHttpOptions extends IdentifyOptions {
  readonly logger: Logger;
  readonly countOperation: (operation: GraphqlOperationObservation) => void;
  readonly countUse: CountUse;
}

/** One of the two APIs: what it does with a request that has come so far. */
export interface GraphqlSurface<Admission> {
  readonly name: GraphqlOperationObservation['surface'];
  readonly bodyLimits: BodyLimits;
  /**
   * Is it the viewer's at all? Asked ahead of the body.
   * @throws RequestError or NotFoundError
   */
  admit(scope: RequestScope, viewer: Viewer): Admission | Promise<Admission>;
  run(request: AdmittedRequest<Admission>): Promise<GraphqlOutcome>;
}

export interface AdmittedRequest<Admission> {
  readonly scope: RequestScope;
  readonly viewer: Viewer;
  readonly admission: Admission;
  readonly params: GraphqlParams;
  /** False for GET, which may only look. */
  readonly mayChange: boolean;
}

/**
 * A GraphQL API over HTTP: protocol, credentials and limits, each before the work that it bounds. Every answer,
 * refusals included, has GraphQL's shape: `{ errors: [{ message, extensions: { code } }], data }`.
 */
export function createGraphqlEndpoint<Admission>(
  options: GraphqlHttpOptions & { readonly crossOrigin: CrossOriginPolicy },
  surface: GraphqlSurface<Admission>,
): (scope: RequestScope) => Promise<void> {
  const { crossOrigin, logger } = options;
  const { bodyLimits } = surface;

  // Promises are awaited only where there are some: a request that needs none waits for its body and its rows.
  return async (scope) => {
    const { request, requestId } = scope;
    let type: GraphqlAnswerType = plainJson;
    let operationType: GraphqlOperationObservation['type'] = 'unknown';
    let answered: GraphqlAnswer;
    try {
      type = negotiateGraphqlType(request.headers.accept);
      const isPost = checkHead(scope, bodyLimits, crossOrigin);
      const identified = identify(scope, options);
      const viewer = identified instanceof Promise ? await identified : identified;
      const admitted = surface.admit(scope, viewer);
      const admission = admitted instanceof Promise ? await admitted : admitted;
      const params = isPost
        ? paramsFromBody(await readBody(request, bodyLimits))
        : paramsFromQuery(scope.query);
      const outcome = await surface.run({ scope, viewer, admission, params, mayChange: isPost });
      operationType = outcome.operationType;
      answered = answer(outcome, type, requestId);
    } catch (error) {
      answered = answerFailure(
        scope.response.destroyed ? requestErrors.clientGone() : error,
        type,
        requestId,
      );
    }
    const { errors } = answered;
    if (errors.length > 0) logSurprises(errors, scope, logger);
    options.countOperation({
      surface: surface.name,
      type: operationType,
      outcome: outcomeOf(errors),
    });
    options.countUse(scope, errors.length > 0);
    scope.head.setAll(answered.headers);
    send(scope, answered.status, answered.contentType, answered.body);
  };
}

/** Looks at the headers before anybody waits for the body. @returns whether there is one */
function checkHead(
  scope: RequestScope,
  limits: BodyLimits,
  crossOrigin: CrossOriginPolicy,
): boolean {
  const { request, method } = scope;
  const isPost = method === 'POST';
  if (!isPost && method !== 'GET') {
    throw requestErrors.methodNotAllowed('GraphQL takes GET and POST.', 'GET, POST, OPTIONS');
  }
  crossOrigin.refuseForeignCookies(request);
  if (isPost) {
    requireJson(request);
    refuseDeclaredLength(request, limits);
  }
  return isPost;
}

/** What is thrown when a client went away says nothing of us, and nobody reads the answer. */
/** One failing list can fail in each of its entries; the first few tell enough. */
const maxLoggedSurprises = 5;

function logSurprises(errors: readonly ShownError[], scope: RequestScope, logger: Logger): void {
  const surprises = errors.filter(({ surprise }) => surprise !== null);
  for (const { surprise, entry } of surprises.slice(0, maxLoggedSurprises)) {
    const { requestId } = scope;
    logger.error({ err: surprise?.cause, requestId, path: entry.path }, 'A request failed');
  }
}

function outcomeOf(errors: readonly ShownError[]): GraphqlOperationObservation['outcome'] {
  if (errors.length === 0) return 'ok';
  return errors.some(({ surprise }) => surprise !== null) ? 'failed' : 'refused';
}
