import { projectErrors } from '../src/data-plane/errors.ts';
import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll } from 'vitest';

import { createHttpHandler, type App, type HttpOptions } from '../src/http/http-handler.ts';
import { listen, type HttpListener } from '../src/platform/lifecycle/http-listener.ts';
import type { RequestQuota } from '../src/platform/rate-limit/request-quota.ts';
import { createLogger } from '../src/platform/telemetry/logger.ts';
import { createMetrics } from '../src/platform/telemetry/metrics.ts';

/** A server that combines the product's HTTP layer with a schema from the test. */
export interface TestServer {
  readonly url: string;
  readonly app: App;
  /** Returns the log lines written so far, as objects. */
  logged(): readonly Record<string, unknown>[];
}

export type TestServerOptions = Pick<HttpOptions, 'schema'> & Partial<HttpOptions>;

const unlimited: RequestQuota = {
  take: (_identity, limit) => ({ allowed: true, limit, remaining: 1, resetSeconds: 60 }),
};

/** Starts the server before the tests in the file or `describe` block, and stops it after them. */
export function useHttpServer(options: TestServerOptions): TestServer {
  const lines: string[] = [];
  const metrics = createMetrics();
  const app = createHttpHandler({
    publicUrl: new URL('http://tessera.test'),
    corsOrigins: [],
    // These folders do not exist. Tests that need the console pass an existing folder.
    consoleDirectory: '/nowhere/console',
    docsDirectory: '/nowhere/docs',
    trustedProxyHops: 0,
    metricsToken: null,
    metricsRegistry: metrics.registry,
    observeRequest: (observation) => metrics.observeHttpRequest(observation),
    countOperation: (operation) => metrics.countOperation(operation),
    onSlowed: () => metrics.slowedRefusals.inc(),
    checkReadiness: () => Promise.resolve(null),
    viewers: {
      verifyAccessToken: () => Promise.resolve(null),
      verifyKey: () => Promise.resolve(null),
    },
    requestLimits: {
      quota: unlimited,
      publicQuota: unlimited,
      keyPerMinute: 1_000,
      memberPerMinute: 1_000,
      anonymous: { quota: unlimited, perMinute: 1_000 },
    },
    recordUsage: () => undefined,
    dataPlane: {
      callers: {
        verifyAccessToken: () => Promise.resolve(null),
        verifyKey: () => Promise.resolve(null),
        admit: () => {
          throw projectErrors.notFound();
        },
        withUser: () => {
          throw projectErrors.notFound();
        },
      },
      settings: { peek: () => null, get: () => null },
      execute: () => Promise.reject(new Error('This test has no data plane.')),
      printApi: () => Promise.reject(new Error('This test has no data plane.')),
    },
    createContext: (scope, viewer) => ({ scope, viewer }),
    logger: createLogger({
      level: 'debug',
      format: 'json',
      destination: { write: (line) => lines.push(line) },
    }),
    ...options,
  });
  let listener: HttpListener | null = null;
  beforeAll(async () => {
    listener = await listen({
      host: '127.0.0.1',
      port: 0,
      handle: (request, response) => app.handle(request, response),
    });
  });
  afterAll(() => listener?.drain(1_000));
  return {
    app,
    get url() {
      if (listener === null) throw new Error('The server is only available from beforeAll on.');
      return `http://127.0.0.1:${listener.port}`;
    },
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** Creates a schema from SDL with resolvers for its root fields. */
export function schemaOf(
  sdl: string,
  resolvers: Readonly<Record<string, GraphQLFieldResolver<unknown, unknown>>>,
): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const resolve = resolvers[field.name];
      if (resolve !== undefined) field.resolve = resolve;
    }
  }
  return schema;
}

/** A GraphQL over HTTP response. */
export interface GraphqlResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly locations?: readonly unknown[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  /** The code of the first error. */
  readonly code: unknown;
}

/** Sends a POST request with a GraphQL request or any other body. */
export async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<GraphqlResponse> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return readGraphql(response);
}

export async function readGraphql(response: Response): Promise<GraphqlResponse> {
  // The tests check this shape. Missing members are undefined.
  const { data, errors = [] } = (await response.json()) as Partial<GraphqlResponse>;
  const { status, headers } = response;
  return { status, headers, data, errors, code: errors[0]?.extensions.code };
}
