import { execute, type SqlExecutor } from '../sql-executor.ts';
import type { Task } from './task.ts';

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
