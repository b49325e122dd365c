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
 * Alone, notes that a job is done or failed are awaited by nobody: a lost connection would become an unhandled
 * rejection and end the process. In batches (of those within a millisecond) the worker stops instead.
 */
const handledFailures = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };

export interface JobsOptions<Tasks extends TaskMap> {
  readonly connectionString: string;
  readonly logger: Logger;
  readonly tasks: Tasks;
  /** Jobs that run at once on this instance. */
  readonly concurrency?: number;
  /** How long `stop` waits for running jobs, in milliseconds; after half of it their signal aborts. */
  readonly drainMs?: number;
  /** How often to look for jobs whose time has come, in milliseconds; new ones are announced. */
  readonly pollIntervalMs?: number;
}

export interface Jobs<Tasks extends TaskMap> {
  /** Makes or updates the queue's tables (PostgreSQL schema `graphile_worker`). Safe on several instances. */
  migrate(): Promise<void>;
  /** Begins to run jobs. After it, a worker that gives up is started anew until `stop`. */
  start(): Promise<void>;
  /** Lets running jobs end, up to `drainMs`; those that do not are left to be tried again. */
  stop(): Promise<void>;
  /** Queues a job; with a transaction, exactly if that commits. @throws ZodError for what is no payload of the task. */
  enqueue<Name extends keyof Tasks & string>(
    executor: SqlExecutor,
    name: Name,
    payload: z.input<Tasks[Name]['payload']>,
    options?: EnqueueOptions,
  ): Promise<void>;
}

/** Work after the answer: a queue in PostgreSQL (graphile-worker), on a few connections of its own. */
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
    // `stop` came while it started, and found nothing to stop.
    if (stopping.signal.aborted) await runner.stop();
  }

  function noteUnlessStopping(error: unknown): void {
    if (!stopping.signal.aborted) logger.error({ err: error }, 'the job worker gave up');
  }

  async function restart(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await delay(restartDelayMs, undefined, { signal: stopping.signal });
        // Nothing of the old worker runs any more, but what it could not report still counts as running.
        await unlockJobs();
        await start();
        logger.info('the job worker was started anew');
        return;
      } catch (error) {
        noteUnlessStopping(error);
      }
    }
  }

  /** Else a job that a worker began and cannot end is tried again only after four hours. */
  async function unlockJobs(): Promise<void> {
    await pool.query('SELECT graphile_worker.force_unlock_workers($1)', [[lastPoolId]]);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const drained = runner === null || (await isDrained(runner, drainMs));
    if (!drained) {
      logger.warn('jobs were still running at the end; they will be tried again');
      await unlockJobs().catch((error: unknown) => {
        logger.warn({ err: error }, 'could not hand them back');
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

/** A pool apart, so that jobs and requests never wait for each other's connections. */
function createJobsPool(connectionString: string, concurrency: number, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: concurrency + 2, // one listens, one looks after locks
    application_name: 'tessera-jobs',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
  });
  const note = (error: Error) =>
    logger.debug({ err: error }, 'a connection of the job worker broke');
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));
  return pool;
}

async function isDrained(runner: Runner, drainMs: number): Promise<boolean> {
  // It fails when it had given up before: then nothing runs, either.
  const stopped = runner.stop().catch(() => undefined);
  return (await within(stopped, drainMs)) !== tooLate;
}

const batch = 1_000;

/** Nightly: jobs that failed for good are kept for two weeks, for whoever looks into why. */
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
