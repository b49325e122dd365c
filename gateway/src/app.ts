import type { Config } from './config.ts';
import type { Services } from './control-plane/graphql/context.ts';
import { createManagementSchema } from './control-plane/schema.ts';
import type { DataPlane } from './data-plane/data-plane.ts';
import { createHttpHandler, type App } from './http/http-handler.ts';
import { createRequestContext } from './http/request-context.ts';
import { createAnswerBudget } from './platform/answer-budget.ts';
import type { Database } from './platform/db/database.ts';
import { pendingMigrations } from './platform/db/migrations.ts';
import type { RequestQuota } from './platform/rate-limit/request-quota.ts';
import type { Logger } from './platform/telemetry/logger.ts';
import type { Metrics } from './platform/telemetry/metrics.ts';

export type { App };

export interface AppDependencies {
  readonly config: Pick<
    Config,
    'publicUrl' | 'corsOrigins' | 'trustedProxyHops' | 'metricsToken' | 'limits'
  >;
  readonly database: Database;
  /** The folder with the migrations (`<name>/migration.sql`), which must be applied before the server is ready. */
  readonly migrationsDirectory: string;
  /** The folder that contains the console build. */
  readonly consoleDirectory: string;
  /** The folder that contains the documentation build. */
  readonly docsDirectory: string;
  readonly services: Services;
  readonly dataPlane: DataPlane;
  readonly requestQuota: RequestQuota;
  readonly publicQuota: RequestQuota;
  readonly anonymousQuota: RequestQuota;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Creates the gateway's request handler. It does not listen: pass `handle` to a `node:http` server. */
export function createApp(dependencies: AppDependencies): App {
  const { config, database, migrationsDirectory, services, metrics, logger } = dependencies;
  const { prisma: db, pool } = database;
  const answerBudget = createAnswerBudget({
    onRefusal: (refusal) => metrics.refusedAnswers.inc({ reason: refusal.toLowerCase() }),
  });
  metrics.observeAnswers(() => answerBudget.used);
  return createHttpHandler({
    ...config,
    schema: createManagementSchema(),
    viewers: {
      verifyKey: (text) => services.apiKeys.authenticateServer(text),
      verifyAccessToken: (token) => services.sessions.authenticate(token),
    },
    createContext: (scope, viewer) => createRequestContext({ db, services }, scope, viewer),
    dataPlane: dependencies.dataPlane,
    requestLimits: {
      quota: dependencies.requestQuota,
      publicQuota: dependencies.publicQuota,
      keyPerMinute: config.limits.apiKeyPerMinute,
      memberPerMinute: config.limits.memberPerMinute,
      anonymous: {
        quota: dependencies.anonymousQuota,
        perMinute: config.limits.anonymousPerMinute,
      },
    },
    answerBudget,
    recordUsage: (usage) => services.usage.record(usage),
    consoleDirectory: dependencies.consoleDirectory,
    docsDirectory: dependencies.docsDirectory,
    logger,
    metricsRegistry: metrics.registry,
    onSlowed: () => metrics.slowedRefusals.inc(),
    observeRequest: (observation) => metrics.observeHttpRequest(observation),
    countOperation: (operation) => metrics.countOperation(operation),
    checkReadiness: async () => {
      const pending = await pendingMigrations({ db: pool, directory: migrationsDirectory });
      return pending.length === 0 ? null : `Migrations are pending: ${pending.join(', ')}.`;
    },
  });
}
