import type { DataPlane } from '../data-plane/data-plane.ts';
import { printSchemaLanguage } from '../engine/schema.ts';
import { createAnswerBudget, type AnswerBudget } from '../platform/answer-budget.ts';
import type { ByteBudgetLimits } from '../platform/byte-budget.ts';
import { createFairTurns, type FairTurnsOptions } from '../platform/fair-turns.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import { whenReady } from '../platform/when-ready.ts';
import type { HttpRoute } from '../platform/telemetry/metrics.ts';
import { createBodyBudget } from './body-budget.ts';
import { createConsoleFiles, createDocumentation } from './console-files.ts';
import { createCrossOriginPolicy, type CrossOriginOptions } from './cross-origin.ts';
import { createGraphiql, graphiqlPrefix } from './graphiql.ts';
import {
  createGraphqlEndpoint,
  graphqlMethods,
  type GraphqlHttpOptions,
} from './graphql-endpoint.ts';
import type { Health } from './health.ts';
import { createManagementSurface, type ManagementSurfaceOptions } from './management-surface.ts';
import { prefersHtml } from './media-types.ts';
import { createMetricsEndpoint, type MetricsEndpointOptions } from './metrics-endpoint.ts';
import {
  createProjectSdlEndpoint,
  createProjectSurface,
  type ProjectApiOptions,
} from './project-api.ts';
import type { RequestScope } from './request-scope.ts';
import { sendEmpty } from './responses.ts';
import type { SlowDown } from './slow-down.ts';
import { createAssetSender, requireReading } from './static-assets.ts';

/**
 * How many requests run at once. A holder is a project or, in the management API, a caller. The others wait before they
 * use the database, so that a holder with thousands of connections gets its share and no more.
 */
export const requestTurns: FairTurnsOptions = {
  running: 2_000,
  runningPerHolder: 100,
  waiting: 10_000,
  waitingPerHolder: 2_500,
  maxWaitMs: 2_000,
};

export interface RouteOptions
  extends
    GraphqlHttpOptions,
    Omit<ManagementSurfaceOptions, 'turns'>,
    Omit<ProjectApiOptions, 'turns' | 'crossOrigin' | 'dataPlane'>,
    Omit<CrossOriginOptions, 'settings'>,
    MetricsEndpointOptions {
  readonly dataPlane: Pick<DataPlane, 'callers' | 'execute' | 'printApi' | 'settings'>;
  /** Limits the memory that request bodies use. @default 64 MiB in total and 16 MiB for each caller */
  readonly bodyBudget?: ByteBudgetLimits;
  /** The memory for answers. @default see `answerLimits` */
  readonly answerBudget?: AnswerBudget;
  /** The folder that contains the console build, which is served at `/`. */
  readonly consoleDirectory: string;
  /** The folder that contains the documentation build, which is served at `/docs/`. */
  readonly docsDirectory: string;
}

/** @typeParam Target the part of the path that is passed to the handler */
type Handler<Target = void> = (scope: RequestScope, target: Target) => void | Promise<void>;

/** A route with an exact path. */
interface Route {
  readonly name: HttpRoute;
  readonly handle: Handler;
}

/** A route for all paths with a prefix. The rest of the path is passed to the handler. */
interface PrefixRoute {
  readonly prefix: string;
  readonly name: HttpRoute;
  readonly handle: Handler<string>;
}

/** Chooses a handler based on the path only. */
export function createRouter(
  given: RouteOptions & { readonly slowDown: SlowDown },
  health: Health,
): Handler {
  const options = { ...given, turns: createFairTurns(requestTurns) };
  const crossOrigin = createCrossOriginPolicy({ ...options, settings: options.dataPlane.settings });
  const openBody = createBodyBudget(options.bodyBudget);
  const { answerBudget = createAnswerBudget() } = options;
  const graphqlOptions = { ...options, crossOrigin, openBody, answerBudget };
  const projectOptions = { ...options, crossOrigin };
  const announceProject: Announce<string> = (scope, ref) => crossOrigin.announceProject(scope, ref);
  const graphiql = createGraphiql();
  const consoleFiles = createConsoleFiles(options.consoleDirectory);
  const documentation = createDocumentation(options.docsDirectory);
  const management = createGraphqlEndpoint(
    graphqlOptions,
    // Sign-ins take long, so they do not use the turns of projects' requests.
    createManagementSurface({ ...options, turns: createFairTurns(requestTurns) }),
  );

  const exact = new Map<string, Route>([
    ['/', { name: 'console', handle: (scope) => consoleFiles.page(scope) }],
    [
      '/graphql',
      {
        name: 'management',
        handle: forBrowsersToo(
          (scope) => crossOrigin.announce(scope),
          management,
          (scope) => graphiql.managementPage(scope),
        ),
      },
    ],
    ['/docs', { name: 'console', handle: (scope) => documentation(scope, 'index.html') }],
    ['/schema-language.graphql', { name: 'console', handle: createSchemaLanguage() }],
    ['/healthz', { name: 'health', handle: reading(health.live) }],
    ['/readyz', { name: 'health', handle: reading(health.ready) }],
    ['/metrics', { name: 'metrics', handle: reading(createMetricsEndpoint(options)) }],
  ]);
  /** The first match applies. The prefix of the last route matches every path. */
  const prefixes: readonly PrefixRoute[] = [
    {
      prefix: '/p/',
      name: 'project',
      handle: createProjectRouter({
        graphql: forBrowsersToo(
          announceProject,
          createGraphqlEndpoint(graphqlOptions, createProjectSurface(projectOptions)),
          // The console's explorer, which works with the project's keys.
          (scope) => consoleFiles.page(scope, (other) => graphiql.projectPage(other)),
        ),
        'schema.graphql': forBrowsersToo(
          announceProject,
          createProjectSdlEndpoint({ ...projectOptions, answerBudget }),
        ),
      }),
    },
    {
      prefix: graphiqlPrefix,
      name: 'graphiql',
      handle: async (scope, file) =>
        ((await graphiql.asset(`${graphiqlPrefix}${file}`)) ?? notFound)(scope),
    },
    { prefix: '/docs/', name: 'console', handle: documentation },
    { prefix: '', name: 'other', handle: (scope) => consoleFiles.fileOrPage(scope) },
  ];

  return (scope) => {
    const { path: given } = scope;
    const path = given.length > 1 && given.endsWith('/') ? given.slice(0, -1) : given;
    const route = exact.get(path);
    if (route !== undefined) {
      scope.route = route.name;
      return route.handle(scope);
    }
    const below = prefixes.find(({ prefix }) => path.startsWith(prefix));
    if (below === undefined) return notFound();
    scope.route = below.name;
    return below.handle(scope, path.slice(below.prefix.length));
  };
}

/** Routes `<ref>/<part>`. The ref is passed to the handler for the part. */
function createProjectRouter(parts: Readonly<Record<string, Handler<string>>>): Handler<string> {
  const handlers = new Map(Object.entries(parts));
  return (scope, path) => {
    const slash = path.indexOf('/');
    const handle = slash < 0 ? undefined : handlers.get(path.slice(slash + 1));
    return handle === undefined ? notFound() : handle(scope, path.slice(0, slash));
  };
}

/** Adds CORS headers for allowed origins. Returns a promise only if something was not cached. */
type Announce<Target> = (scope: RequestScope, target: Target) => void | Promise<void>;

/**
 * Adds CORS headers and responds to preflight requests. If `page` is given, browsers that open the address get the page
 * instead.
 */
function forBrowsersToo<Target>(
  announce: Announce<Target>,
  handler: Handler<Target>,
  page: Handler | null = null,
): Handler<Target> {
  const respond: Handler<Target> = (scope, target) => {
    if (scope.method === 'OPTIONS') {
      scope.head.set('allow', graphqlMethods);
      sendEmpty(scope, 204);
      return;
    }
    const reads = scope.method === 'GET' || scope.method === 'HEAD';
    if (page !== null && reads && prefersHtml(scope.request.headers.accept)) {
      scope.route = 'graphiql';
      return page(scope);
    }
    return handler(scope, target);
  };
  return (scope, target) => {
    scope.head.add('vary', 'Origin, Accept');
    return whenReady(announce(scope, target), () => respond(scope, target));
  };
}

/** The directives and scalars of the schema language, for editors. They are the same for all projects. */
function createSchemaLanguage(): Handler {
  return createAssetSender({
    contentType: 'application/graphql; charset=utf-8',
    body: Buffer.from(printSchemaLanguage()),
    isImmutable: false,
    headers: { 'access-control-allow-origin': '*' },
  });
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
