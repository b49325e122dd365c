import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

import type { Secret } from '../platform/environment/secret.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { HttpRequestObservation } from '../platform/telemetry/metrics.ts';
import { createConsoleFiles, type ConsoleFiles } from './console-files.ts';
import { createCrossOriginPolicy, type CrossOriginPolicy } from './cross-origin.ts';
import { createGraphiql, graphiqlPrefix, type Graphiql } from './graphiql.ts';
import { createGraphqlEndpoint, type GraphqlHttpOptions } from './graphql-endpoint.ts';
import { createHealth, type Health, type ReadinessCheck } from './health.ts';
import { createManagementSurface, type ManagementSurfaceOptions } from './management-surface.ts';
import { maskError } from './mask-error.ts';
import { prefersHtml } from './media-types.ts';
import { createMetricsEndpoint } from './metrics-endpoint.ts';
import { createProjectSdlEndpoint } from './project-sdl-endpoint.ts';
import { createProjectSurface, type ProjectSurfaceOptions } from './project-surface.ts';
import { observeRequest } from './request-log.ts';
import { RequestScope } from './request-scope.ts';
import { sendEmpty, sendJson } from './responses.ts';
import { securityHeaders } from './security-headers.ts';
import { requireReading } from './static-assets.ts';

/** The whole server but for the socket. */
export interface App {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** From now on `/readyz` says no, so that nobody sends more requests here. */
  setDraining(): void;
}

export interface HttpOptions
  extends GraphqlHttpOptions, ManagementSurfaceOptions, ProjectSurfaceOptions {
  readonly publicUrl: URL;
  readonly corsOrigins: readonly string[];
  /** The console's build, which is served at `/`. */
  readonly consoleDirectory: string;
  readonly trustedProxyHops: number;
  readonly metricsToken: Secret<string> | null;
  readonly metricsRegistry: Registry;
  readonly observeRequest: (observation: HttpRequestObservation) => void;
  readonly checkReadiness: ReadinessCheck;
}

/** Longer addresses come from no tool of ours; a long GET belongs into a POST. */
const maxTargetLength = 8_192;

type Handler = (scope: RequestScope) => void | Promise<void>;
type Route = readonly [RequestScope['route'], Handler];

/** Puts the parts of the server together and gives each request to its part. */
export function createHttpHandler(options: HttpOptions): App {
  const https = options.publicUrl.protocol === 'https:';
  const scopeOptions = { ...options, headers: securityHeaders({ https }) };
  const health = createHealth(options.checkReadiness, options.logger);
  const handlerFor = createRouter(options, health);

  const answer = async (scope: RequestScope): Promise<void> => {
    try {
      if ((scope.request.url ?? '').length > maxTargetLength) {
        throw requestErrors.addressTooLong(maxTargetLength);
      }
      await handlerFor(scope)(scope);
    } catch (error) {
      sendFailure(scope, error, options.logger);
    }
  };

  return {
    handle(request, response) {
      const scope = new RequestScope(request, response, scopeOptions);
      observeRequest(scope, options.logger, options.observeRequest);
      void answer(scope);
    },
    setDraining: () => health.setDraining(),
  };
}

/** Which part answers: a closed list, by path alone. */
function createRouter(options: HttpOptions, health: Health): (scope: RequestScope) => Handler {
  const crossOrigin = createCrossOriginPolicy(options);
  const shared = { ...options, crossOrigin };
  const graphiql = createGraphiql();
  const consoleFiles = createConsoleFiles(options.consoleDirectory);
  const management = createGraphqlEndpoint(shared, createManagementSurface(options));
  const project = createGraphqlEndpoint(shared, createProjectSurface(options));
  const projectParts = new Map<string, Handler>([
    ['graphql', forBrowsersToo(crossOrigin, project, (scope) => graphiql.projectPage(scope))],
    ['schema.graphql', forBrowsersToo(crossOrigin, createProjectSdlEndpoint(shared))],
  ]);

  const exact = new Map<string, Route>([
    ['/', ['console', (scope) => consoleFiles.page(scope)]],
    [
      '/graphql',
      [
        'management',
        forBrowsersToo(crossOrigin, management, (scope) => graphiql.managementPage(scope)),
      ],
    ],
    ['/healthz', ['health', reading(health.live)]],
    ['/readyz', ['health', reading(health.ready)]],
    [
      '/metrics',
      ['metrics', reading(createMetricsEndpoint(options.metricsRegistry, options.metricsToken))],
    ],
  ]);

  const ofProject = (scope: RequestScope, path: string): Route => {
    const slash = path.indexOf('/', projectPrefix.length);
    scope.projectRef = path.slice(projectPrefix.length, slash);
    return ['project', projectParts.get(path.slice(slash + 1)) ?? notFound];
  };

  return (scope) => {
    const { path: given } = scope;
    const path = given.length > 1 && given.endsWith('/') ? given.slice(0, -1) : given;
    const [route, handler] = path.startsWith(projectPrefix)
      ? ofProject(scope, path)
      : (exact.get(path) ?? below(path, graphiql, consoleFiles));
    scope.route = route;
    return handler;
  };
}

/** `/p/<ref>/graphql` and `/p/<ref>/schema.graphql` */
const projectPrefix = '/p/';

function below(path: string, graphiql: Graphiql, consoleFiles: ConsoleFiles): Route {
  if (path.startsWith(graphiqlPrefix)) {
    return ['graphiql', async (scope) => ((await graphiql.asset(path)) ?? notFound)(scope)];
  }
  return ['other', (scope) => consoleFiles.fileOrPage(scope)];
}

/** What pages of other origins may ask for, if the operator lets them; with a page of its own where it has one. */
function forBrowsersToo(
  crossOrigin: CrossOriginPolicy,
  handler: Handler,
  page: Handler | null = null,
): Handler {
  return (scope) => {
    scope.head.add('vary', 'Origin, Accept');
    crossOrigin.announce(scope);
    if (scope.method === 'OPTIONS') {
      scope.head.set('allow', 'GET, POST, OPTIONS');
      sendEmpty(scope, 204);
      return;
    }
    if (page !== null && scope.method === 'GET' && prefersHtml(scope.request.headers.accept)) {
      scope.route = 'graphiql';
      return page(scope);
    }
    return handler(scope);
  };
}

const reading =
  (handler: Handler): Handler =>
  (scope) => {
    requireReading(scope.method);
    return handler(scope);
  };

function notFound(): never {
  throw requestErrors.notFoundAtAddress();
}

/** The one shape of errors outside GraphQL: `{ "error": { code, message, requestId } }`. */
function sendFailure(scope: RequestScope, error: unknown, logger: Logger): void {
  const { requestId, head } = scope;
  const { entry, status, headers, surprise } = maskError(error, requestId);
  if (surprise !== null) logger.error({ err: surprise.cause, requestId }, 'A request failed');
  head.setAll(headers);
  const { message, extensions } = entry;
  sendJson(scope, status, { error: { code: extensions.code, message, requestId } });
}
