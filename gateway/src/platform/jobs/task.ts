import type { z } from 'zod';

import type { Logger } from '../telemetry/logger.ts';
import { execute, type SqlExecutor } from '../sql-executor.ts';

export interface TaskContext {
  readonly logger: Logger;
  /** Aborted when the gateway stops and the task should end. The task is retried later. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/**
 * A background task that runs after the transaction that queued it has committed. It can run more than once, because a
 * gateway can crash after the task has run but before its completion is recorded.
 */
export interface Task<Payload extends z.ZodType = z.ZodType> {
  /**
   * A job's payload, validated when the job is queued and when it runs. The payload is stored in plain text in the
   * database, so it must not contain secrets. A task that emails a token must generate the token itself.
   */
  readonly payload: Payload;
  /**
   * If this function throws, the job is retried after 3 s, 7 s, 20 s, 55 s and so on, at intervals of up to six hours.
   */
  run(payload: z.output<Payload>, context: TaskContext): Promise<void>;
  /** Maximum number of attempts. Default: 12, spread over about half a day. */
  readonly maxAttempts?: number;
  /** A schedule (`minute hour day month weekday`, UTC). The task runs on one instance with the payload `{}`. */
  readonly cron?: string;
}

export type TaskMap = Readonly<Record<string, Task>>;

/** Defines a task with a typed payload: `defineTask({ payload: z.object({ userId: z.uuid() }), run })`. */
export function defineTask<Payload extends z.ZodType>(task: Task<Payload>): Task<Payload> {
  return task;
}

const defaultMaxAttempts = 12;

export interface EnqueueOptions {
  /** Replaces a waiting job with the same key, so that at most one is queued. */
  readonly key?: string;
  readonly maxAttempts?: number;
  readonly runAt?: Date;
}

/** Queues a job. In a transaction, the job is queued at commit. @throws ZodError for an invalid payload. */
export async function enqueueJob(
  executor: SqlExecutor,
  name: string,
  task: Task,
  payload: unknown,
  options: EnqueueOptions = {},
): Promise<void> {
  task.payload.parse(payload);
  const maxAttempts = options.maxAttempts ?? maxAttemptsOf(task);
  await execute(executor)`SELECT graphile_worker.add_job(
    identifier => ${name}::text,
    payload => ${JSON.stringify(payload)}::json,
    run_at => ${options.runAt?.toISOString() ?? null}::timestamptz,
    max_attempts => ${maxAttempts}::int,
    job_key => ${options.key ?? null}::text
  )`;
}

export function maxAttemptsOf(task: Task): number {
  return task.maxAttempts ?? defaultMaxAttempts;
}
