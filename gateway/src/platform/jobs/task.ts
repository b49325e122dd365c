import type { z } from 'zod';

import type { Logger } from '../telemetry/logger.ts';
import { execute, type SqlExecutor } from '../sql-executor.ts';

export interface TaskContext {
  readonly logger: Logger;
  /** Aborts when the gateway stops and the task should come to an end; it is tried again later. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
}

/**
 * Work that is done after, and only if, the transaction that asked for it commits. It may run more than once:
 * a gateway can die between the work and the note that it is done.
 */
export interface Task<Payload extends z.ZodType = z.ZodType> {
  /**
   * What the job carries, checked when it is queued and when it runs. It lies readable in the database, so it names
   * things by id and never carries a secret: a task that mails a token makes it itself.
   */
  readonly payload: Payload;
  /** @throws to be tried again: after 3 s, 7 s, 20 s, 55 s and so on, up to six hours apart. */
  run(payload: z.output<Payload>, context: TaskContext): Promise<void>;
  /** After so many failed tries the job is given up. Default 12, over about half a day. */
  readonly maxAttempts?: number;
  /** Runs on its own at these times (`minute hour day month weekday`, UTC), on one instance, with `{}`. */
  readonly cron?: string;
}

export type TaskMap = Readonly<Record<string, Task>>;

/** Ties a task's payload to its work: `defineTask({ payload: z.object({ userId: z.uuid() }), run })`. */
export function defineTask<Payload extends z.ZodType>(task: Task<Payload>): Task<Payload> {
  return task;
}

const defaultMaxAttempts = 12;

export interface EnqueueOptions {
  /** A job that waits under the same key is replaced, so that there is one at most. */
  readonly key?: string;
  readonly maxAttempts?: number;
  readonly runAt?: Date;
}

/** Queues a job; in a transaction, exactly if that commits. @throws ZodError for what is no payload of the task. */
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
