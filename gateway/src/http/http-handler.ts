import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

import type { Secret } from '../platform/environment/secret.ts';
import { Refusal } from '../platform/errors/refusal.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { HttpRequestObservation } from '../platform/telemetry/metrics.ts';
import { createCrossOriginPolicy } from './cross-origin.ts';
import { createGraphiql, graphiqlPrefix, type Graphiql } from './graphiql.ts';
import { createGraphqlEndpoint, type GraphqlEndpointOptions } from './graphql-endpoint.ts';
import { createHealth, type Health, type ReadinessCheck } from './health.ts';
import { createLandingPage } from './landing-page.ts';
import { maskError } from './mask-error.ts';
import { prefersHtml } from './media-types.ts';
import { createMetricsEndpoint } from './metrics-endpoint.ts';
import { observeRequest } from './request-log.ts';
import { openRequestScope, type RequestScope } from './request-scope.ts';
import { sendJson, setHeaders } from './responses.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { requireReading } from './static-assets.ts';

/** The whole server but for the socket. */
export interface App {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** From now on `/readyz` says no, so that nobody sends more requests here. */
  setDraining(): void;
}

export interface HttpOptions extends Omit<GraphqlEndpointOptions, 'crossOrigin'> {
  readonly publicUrl: URL;
  readonly corsOrigins: readonly string[];
  readonly trustedProxyHops: number;
  readonly metricsToken: Secret<string> | null;
  readonly metricsRegistry: Registry;
  readonly observeRequest: (observation: HttpRequestObservation) => void;
  readonly checkReadiness: ReadinessCheck;
}

/** Longer addresses come from no tool of ours; a long GET belongs into a POST. */
const maxTargetLength = 8_192;

type Handler = (scope: RequestScope) => void | Promise<void>;

/** Puts the parts of the server together and gives each request to its part. */
export function createHttpHandler(options: HttpOptions): App {
  const https = options.publicUrl.protocol === 'https:';
  const health = createHealth(options.checkReadiness, options.logger);
  const handlerFor = createRouter(options, health);

  const answer = async (scope: RequestScope): Promise<void> => {
    try {
      if ((scope.request.url ?? '').length > maxTargetLength) {
        throw new Refusal('URI_TOO_LONG', `An address has at most ${maxTargetLength} characters.`);
      }
      await handlerFor(scope)(scope);
    } catch (error) {
      sendFailure(scope, error, options.logger);
    }
  };

  return {
    handle(request, response) {
      const scope = openRequestScope(request, response, options);
      response.setHeader('x-request-id', scope.requestId);
      setSecurityHeaders(response, { https });
      observeRequest(scope, options.logger, options.observeRequest);
      void answer(scope);
    },
    setDraining: () => health.setDraining(),
  };
}

/** Which part answers: a closed list, by path alone. */
function createRouter(options: HttpOptions, health: Health): (scope: RequestScope) => Handler {
  const crossOrigin = createCrossOriginPolicy(options);
  const graphql = createGraphqlEndpoint({ ...options, crossOrigin });
  const graphiql = createGraphiql();

  const management: Handler = (scope) => {
    crossOrigin.announce(scope.request, scope.response);
    scope.response.appendHeader('vary', 'Accept');
    if (scope.method === 'OPTIONS') {
      answerPreflight(scope);
      return;
    }
    if (scope.method === 'GET' && prefersHtml(scope.request.headers.accept)) {
      scope.route = 'graphiql';
      return graphiql.page(scope);
    }
    return graphql(scope);
  };

  const exact = new Map<string, readonly [RequestScope['route'], Handler]>([
    ['/', ['console', createLandingPage(options.publicUrl)]],
    ['/graphql', ['management', management]],
    ['/healthz', ['health', reading(health.live)]],
    ['/readyz', ['health', reading(health.ready)]],
    [
      '/metrics',
      ['metrics', reading(createMetricsEndpoint(options.metricsRegistry, options.metricsToken))],
    ],
  ]);

  return (scope) => {
    const path = scope.path.length > 1 ? scope.path.replace(/\/$/, '') : scope.path;
    const [route, handler] = exact.get(path) ?? below(path, graphiql);
    scope.route = route;
    return handler;
  };
}

function below(path: string, graphiql: Graphiql): readonly [RequestScope['route'], Handler] {
  if (path.startsWith(graphiqlPrefix)) {
    return ['graphiql', async (scope) => ((await graphiql.asset(path)) ?? notFound)(scope)];
  }
  return ['other', notFound];
}

const reading =
  (handler: Handler): Handler =>
  (scope) => {
    requireReading(scope.method);
    return handler(scope);
  };

function notFound(): never {
  throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
}

function answerPreflight({ response }: RequestScope): void {
  response.setHeader('allow', 'GET, POST, OPTIONS');
  response.writeHead(204).end();
}

/** The one shape of errors outside GraphQL: `{ "error": { code, message, requestId } }`. */
function sendFailure({ response, requestId }: RequestScope, error: unknown, logger: Logger): void {
  const { entry, status, headers, surprise } = maskError(error, requestId);
  if (surprise !== null) logger.error({ err: surprise.cause, requestId }, 'A request failed');
  setHeaders(response, headers);
  const { message, extensions } = entry;
  sendJson(response, status, { error: { code: extensions.code, message, requestId } });
}
