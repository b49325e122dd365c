import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { run, runMigrations, type Runner, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { z } from 'zod';

import { endPool } from '../db/end-pool.ts';
import { tooLate, within } from '../within.ts';
import type { SqlExecutor } from '../sql-executor.ts';
import type { Logger } from '../telemetry/logger.ts';
import { enqueueJob, type EnqueueOptions, type TaskMap, defineTask } from './task.ts';
import { bridgeLogger, toCronItems, toTaskList } from './worker.ts';

const restartDelayMs = 1_000;
const closeTimeoutMs = 2_000;
/**
 * Makes graphile-worker report completed and failed jobs in batches, collected over one millisecond. Otherwise, it
 * would not await the report, and a lost connection would cause an unhandled rejection that terminates the process.
 * With batches, the worker stops instead.
 */
const handledFailures = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };

export interface JobsOptions<Tasks extends TaskMap> {
  readonly connectionString: string;
  readonly logger: Logger;
  readonly tasks: Tasks;
  /** Maximum number of jobs that run at once on this instance. */
  readonly concurrency?: number;
  /**
   * How long `stop` waits for running jobs, in milliseconds. After half of this time, the jobs' abort signals are
   * triggered.
   */
  readonly drainMs?: number;
  /** How often to check for scheduled jobs and retries, in milliseconds. New jobs are announced by NOTIFY. */
  readonly pollIntervalMs?: number;
}

export interface Jobs<Tasks extends TaskMap> {
  /**
   * Creates or migrates the queue's tables (PostgreSQL schema `graphile_worker`). Several instances can call it at
   * once.
   */
  migrate(): Promise<void>;
  /** Starts running jobs. Until `stop` is called, a worker that fails is restarted. */
  start(): Promise<void>;
  /** Waits up to `drainMs` for running jobs. Jobs that are still running after that time are retried later. */
  stop(): Promise<void>;
  /** Queues a job. In a transaction, the job is queued at commit. @throws ZodError for an invalid payload. */
  enqueue<Name extends keyof Tasks & string>(
    executor: SqlExecutor,
    name: Name,
    payload: z.input<Tasks[Name]['payload']>,
    options?: EnqueueOptions,
  ): Promise<void>;
}

/** Creates a queue of background jobs in PostgreSQL, based on graphile-worker. The queue has its own connections. */
export function createJobs<Tasks extends TaskMap>(options: JobsOptions<Tasks>): Jobs<Tasks> {
  const { logger, concurrency = 4, drainMs = 10_000, pollIntervalMs = 2_000 } = options;
  const pool = createJobsPool(options.connectionString, concurrency, logger);
  const tasks: TaskMap = {
    ...options.tasks,
    'jobs.forgetFailed': createForgetFailedJobs(pool),
  };
  const workerLogger = bridgeLogger(logger);
  const stopping = new AbortController();
  let runner: Runner | null = null;
  let stopped: Promise<void> | null = null;
  let lastPoolId: string | null = null;

  async function start(): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    events.once('pool:create', ({ workerPool }) => void (lastPoolId = workerPool.id));
    runner = await run({
      pgPool: pool,
      taskList: toTaskList(tasks, logger),
      parsedCronItems: toCronItems(tasks),
      concurrency,
      pollInterval: pollIntervalMs,
      gracefulShutdownAbortTimeout: drainMs / 2,
      noHandleSignals: true,
      logger: workerLogger,
      events,
      preset: { worker: handledFailures },
    });
    void runner.promise.catch(noteUnlessStopping).then(restart);
    // `stop` was called while the worker was starting, before there was a runner to stop.
    if (stopping.signal.aborted) await runner.stop();
  }

  function noteUnlessStopping(error: unknown): void {
    if (!stopping.signal.aborted) logger.error({ err: error }, 'the job worker failed');
  }

  async function restart(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await delay(restartDelayMs, undefined, { signal: stopping.signal });
        // The old worker has ended, but jobs that it could not report as completed are still locked.
        await unlockJobs();
        await start();
        logger.info('the job worker was restarted');
        return;
      } catch (error) {
        noteUnlessStopping(error);
      }
    }
  }

  /** Without this, a job that a worker has started but not completed is retried only after four hours. */
  async function unlockJobs(): Promise<void> {
    await pool.query('SELECT graphile_worker.force_unlock_workers($1)', [[lastPoolId]]);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const drained = runner === null || (await isDrained(runner, drainMs));
    if (!drained) {
      logger.warn('jobs were still running at shutdown and will be retried');
      await unlockJobs().catch((error: unknown) => {
        logger.warn({ err: error }, 'could not unlock the unfinished jobs');
      });
    }
    await within(endPool(pool), closeTimeoutMs);
  }

  return {
    migrate: () => runMigrations({ pgPool: pool, logger: workerLogger }),
    start,
    stop: () => (stopped ??= stop()),
    async enqueue(executor, name, payload, enqueueOptions) {
      const task = tasks[name];
      if (task === undefined) throw new Error(`There is no task "${name}".`);
      return enqueueJob(executor, name, task, payload, enqueueOptions);
    },
  };
}

/** A separate pool, so that jobs and requests do not wait for each other's connections. */
function createJobsPool(connectionString: string, concurrency: number, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: concurrency + 2, // one connection to listen, one to maintain locks
    application_name: 'tessera-jobs',
    connectionTimeoutMillis: 5_000,
    // PgBouncer refuses connections whose startup message contains this setting.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg-pool awaits it, but its types do not say so
    onConnect: (client) => client.query("SET statement_timeout = '30s'"),
  });
  const note = (error: Error) => logger.debug({ err: error }, 'the job worker lost a connection');
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));
  return pool;
}

async function isDrained(runner: Runner, drainMs: number): Promise<boolean> {
  // `stop` rejects if the worker has already failed. In that case, no job is running.
  const stopped = runner.stop().catch(() => undefined);
  return (await within(stopped, drainMs)) !== tooLate;
}

const batch = 1_000;

/** Defines a nightly task that deletes permanently failed jobs, which are kept for two weeks for inspection. */
function createForgetFailedJobs(pool: pg.Pool) {
  return defineTask({
    payload: z.object({}),
    cron: '17 3 * * *',
    async run() {
      await pool.query(
        `SELECT graphile_worker.complete_jobs(ARRAY(
           SELECT id FROM graphile_worker.jobs
           WHERE attempts >= max_attempts AND locked_at IS NULL
             AND updated_at < now() - interval '14 days'
           ORDER BY id LIMIT $1
         ))`,
        [batch],
      );
    },
  });
}
