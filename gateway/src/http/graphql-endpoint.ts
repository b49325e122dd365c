import type { GraphQLSchema } from 'graphql';

import type { Viewer } from '../platform/access/viewer.ts';
import { Refusal } from '../platform/errors/refusal.ts';
import type { RateLimiter } from '../platform/rate-limit/rate-limiter.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { GraphqlOperationObservation } from '../platform/telemetry/metrics.ts';
import { authenticate, type Authenticators } from './authenticate.ts';
import type { CrossOriginPolicy } from './cross-origin.ts';
import { managementDocumentLimits } from '../platform/documents/document-limits.ts';
import { answer, answerFailure } from './graphql-answer.ts';
import { createGraphqlExecution } from './graphql-execution.ts';
import {
  paramsFromBody,
  paramsFromQuery,
  requireJson,
  type GraphqlParams,
} from './graphql-params.ts';
import { countAgainstKey } from './key-rate-limit.ts';
import type { ShownError } from './mask-error.ts';
import { negotiateGraphqlType, plainJson, type GraphqlAnswerType } from './media-types.ts';
import { defaultBodyLimits, readBody, refuseDeclaredLength, type BodyLimits } from './read-body.ts';
import type { RequestScope } from './request-scope.ts';
import { send, setHeaders } from './responses.ts';

export interface GraphqlEndpointOptions {
  readonly schema: GraphQLSchema;
  readonly authenticators: Authenticators;
  readonly rateLimiter: RateLimiter;
  readonly crossOrigin: CrossOriginPolicy;
  /** 1 MiB within 15 s when left out. */
  readonly bodyLimits?: BodyLimits;
  readonly logger: Logger;
  readonly countOperation: (operation: GraphqlOperationObservation) => void;
  /** What resolvers get, for a request of this viewer. */
  readonly createContext: (scope: RequestScope, viewer: Viewer) => object;
}

/**
 * `/graphql`, the management API (GraphQL over HTTP). Every answer, refusals included, has GraphQL's shape:
 * `{ errors: [{ message, extensions: { code } }], data }`.
 */
export function createGraphqlEndpoint(options: GraphqlEndpointOptions) {
  const run = createGraphqlExecution(options.schema, managementDocumentLimits);

  const answerTo = async (scope: RequestScope) => {
    let type: GraphqlAnswerType = plainJson;
    try {
      type = negotiateGraphqlType(scope.request.headers.accept);
      const { viewer, params } = await receive(scope, options);
      const { operationType, ...outcome } = await run({
        params,
        mayChange: scope.method === 'POST',
        context: () => options.createContext(scope, viewer),
      });
      return { operationType, ...answer(outcome, type, scope.requestId) };
    } catch (error) {
      return { operationType: 'unknown', ...answerFailure(error, type, scope.requestId) } as const;
    }
  };

  return async (scope: RequestScope): Promise<void> => {
    const { operationType, errors, ...http } = await answerTo(scope);
    logSurprises(errors, scope, options.logger);
    const outcome = outcomeOf(errors);
    options.countOperation({ surface: 'management', type: operationType, outcome });
    setHeaders(scope.response, http.headers);
    send(scope.response, http.status, http.contentType, http.body);
  };
}

/** Who asks for what. Looks at the headers before it waits for the body. */
async function receive(
  scope: RequestScope,
  options: GraphqlEndpointOptions,
): Promise<{ viewer: Viewer; params: GraphqlParams }> {
  const { request, response } = scope;
  const bodyLimits = options.bodyLimits ?? defaultBodyLimits;
  requireMethod(scope.method);
  options.crossOrigin.refuseForeignCookies(request);
  const isPost = scope.method === 'POST';
  if (isPost) {
    requireJson(request);
    refuseDeclaredLength(request, bodyLimits);
  }
  const viewer = await authenticate(request, options.authenticators);
  scope.principal = viewer.kind;
  await countAgainstKey(viewer, options.rateLimiter, response);
  const params = isPost
    ? paramsFromBody(await readBody(request, bodyLimits))
    : paramsFromQuery(scope.query);
  return { viewer, params };
}

function requireMethod(method: string): void {
  if (method === 'GET' || method === 'POST') return;
  throw new Refusal('METHOD_NOT_ALLOWED', 'GraphQL takes GET and POST.', {
    headers: { allow: 'GET, POST, OPTIONS' },
  });
}

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
