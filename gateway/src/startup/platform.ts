import type { Config } from '../config.ts';
import type { Compute } from '../data-plane/compute/tasks.ts';
import { createFieldLimits, type FieldLimits } from '../control-plane/graphql/field-limits.ts';
import { systemClock } from '../platform/clock.ts';
import { createDatabase, type Database } from '../platform/db/database.ts';
import { createJobs, type Jobs } from '../platform/jobs/jobs.ts';
import type { Lifecycle } from '../platform/lifecycle/lifecycle.ts';
import { createMailer } from '../platform/mail/mailer.ts';
import { NotificationsLostError } from '../platform/pubsub/notification-proof.ts';
import { createPubSub, type PubSub } from '../platform/pubsub/pubsub.ts';
import { createRedisLink } from '../platform/rate-limit/redis-link.ts';
import { createRequestQuota, type RequestQuota } from '../platform/rate-limit/request-quota.ts';
import { createSlidingLog } from '../platform/rate-limit/sliding-log.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { createMetrics, type Metrics } from '../platform/telemetry/metrics.ts';
import { startCompute } from './compute.ts';
import { checkKeys } from './key-fingerprints.ts';
import { explainPooler } from './start-error.ts';
import { closeToProjects } from './project-privileges.ts';
import type { Storage } from './storage.ts';
import { createTasks, type Tasks } from './tasks.ts';

export interface PlatformOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly storage: Storage;
}

/** The services that all features depend on, already connected and running. */
export interface Platform {
  readonly metrics: Metrics;
  readonly database: Database;
  /** The connections that plan and apply changes to projects' tables. */
  readonly schemaDatabase: Database;
  readonly pubsub: PubSub;
  readonly fieldLimits: FieldLimits;
  readonly requestQuota: RequestQuota;
  /** The quota of requests with publishable keys. */
  readonly publicQuota: RequestQuota;
  /** The quota of requests without a credential. */
  readonly anonymousQuota: RequestQuota;
  readonly jobs: Jobs<Tasks>;
  readonly compute: Compute;
}

/** Starts the services that all features depend on, one after another. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const metrics = createMetrics();
  const compute = await startCompute(options, metrics);
  const database = await startDatabase(options);
  metrics.observePool('management', database.pool);
  const schemaDatabase = await startSchemaDatabase(options);
  metrics.observePool('schemas', schemaDatabase.pool);
  await closeToProjects(schemaDatabase.pool, options.logger);
  await checkStoredKeys(options, database);
  const pubsub = await startPubSub(options);
  const limits = await startRateLimits(options, metrics);
  const jobs = await startJobs(options, { database, schemaDatabase });
  return { metrics, database, schemaDatabase, pubsub, ...limits, jobs, compute };
}

function startDatabase({ config, lifecycle, logger, storage }: PlatformOptions): Promise<Database> {
  return lifecycle.start({
    name: 'database',
    start: () =>
      createDatabase({
        connectionString: storage.connectionString,
        poolSize: config.database.poolSize,
        applicationName: 'tessera',
        logger,
      }),
    stop: (database) => database.close(),
  });
}

function checkStoredKeys({ config, logger, storage }: PlatformOptions, { prisma }: Database) {
  const { accessToken, refreshToken, passwordPepper } = storage.keys;
  return checkKeys({
    db: prisma,
    keys: {
      ACCESS_TOKEN_KEY: accessToken,
      REFRESH_TOKEN_KEY: refreshToken,
      PASSWORD_PEPPER: passwordPepper,
    },
    accepted: config.acceptedNewKeys,
    logger,
  });
}

/** A schema change can take minutes, so few of them run at once. The other connections are not affected. */
const schemaPoolSize = 4;
/** Longer than the engine's time limit for a step. */
const schemaStatementTimeoutMs = 6 * 60_000;

function startSchemaDatabase({ lifecycle, logger, storage }: PlatformOptions): Promise<Database> {
  return lifecycle.start({
    name: 'schemas',
    start: () =>
      createDatabase({
        connectionString: storage.connectionString,
        poolSize: schemaPoolSize,
        applicationName: 'tessera-schemas',
        statementTimeoutMs: schemaStatementTimeoutMs,
        logger,
      }),
    stop: (database) => database.close(),
  });
}

function startPubSub({ lifecycle, logger, storage }: PlatformOptions): Promise<PubSub> {
  return lifecycle.start({
    name: 'notifications',
    start: async () => {
      const { connectionString } = storage;
      const pubsub = createPubSub({ connectionString, logger });
      try {
        await pubsub.start();
      } catch (error) {
        throw error instanceof NotificationsLostError
          ? explainPooler(connectionString, error)
          : error;
      }
      return pubsub;
    },
    stop: (pubsub) => pubsub.close(),
  });
}

async function startRateLimits(
  { config, lifecycle, logger }: PlatformOptions,
  metrics: Metrics,
): Promise<Pick<Platform, 'fieldLimits' | 'requestQuota' | 'publicQuota' | 'anonymousQuota'>> {
  const redisUrl = config.redisUrl?.reveal() ?? null;
  const redis = await lifecycle.start({
    name: 'rate limits',
    start: () => (redisUrl === null ? null : createRedisLink({ redisUrl, logger })),
    stop: (link) => link?.close(),
  });
  return {
    fieldLimits: createFieldLimits({
      log: createSlidingLog(redis),
      clock: systemClock,
      onRefused: ({ name }) => metrics.rateLimitRefusals.inc({ rule: name }),
    }),
    requestQuota: createRequestQuota({
      redis,
      clock: systemClock,
      onRefused: () => metrics.rateLimitRefusals.inc({ rule: 'requests' }),
    }),
    publicQuota: createRequestQuota({
      name: 'public',
      redis,
      clock: systemClock,
      onRefused: () => metrics.rateLimitRefusals.inc({ rule: 'public' }),
    }),
    anonymousQuota: createRequestQuota({
      name: 'anonymous',
      redis,
      clock: systemClock,
      onRefused: () => metrics.rateLimitRefusals.inc({ rule: 'anonymous' }),
    }),
  };
}

async function startJobs(
  options: PlatformOptions,
  { database, schemaDatabase }: Pick<Platform, 'database' | 'schemaDatabase'>,
): Promise<Jobs<Tasks>> {
  const { config, lifecycle, logger, storage } = options;
  const mailer = await lifecycle.start({
    name: 'mail',
    start: () =>
      createMailer({
        smtpUrl: config.mail.smtpUrl?.reveal() ?? null,
        from: config.mail.from,
        directory: storage.mailDirectory,
        logger,
        clock: systemClock,
      }),
    stop: (started) => started.close(),
  });
  const tasks = createTasks({
    db: database.prisma,
    schemaPool: schemaDatabase.pool,
    mailer,
    publicUrl: config.publicUrl,
    clock: systemClock,
  });
  return lifecycle.start({
    name: 'jobs',
    start: async () => {
      const jobs = createJobs({ connectionString: storage.connectionString, logger, tasks });
      await jobs.migrate();
      await jobs.start();
      return jobs;
    },
    stop: (started) => started.stop(),
    // Longer than the time that `stop` itself waits for running jobs.
    stopTimeoutMs: 15_000,
  });
}
