import {
  type JobHelpers,
  type ParsedCronItem,
  type TaskList,
  parseCronItems,
  Logger as WorkerLogger,
} from 'graphile-worker';

import { safeMessage, maskSecrets } from '../telemetry/redaction.ts';
import type { Logger } from '../telemetry/logger.ts';
import { maxAttemptsOf, type Task, type TaskMap } from './task.ts';

/** Converts our tasks to graphile-worker's task list. */
export function toTaskList(tasks: TaskMap, logger: Logger): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => {
      const taskLogger = logger.child({ task: name });
      return [name, (payload, helpers) => runTask(task, payload, helpers, taskLogger)];
    }),
  ) satisfies TaskList;
}

async function runTask(
  task: Task,
  payload: unknown,
  { job, abortSignal }: JobHelpers,
  logger: Logger,
): Promise<void> {
  try {
    await task.run(task.payload.parse(withoutCronNote(payload)), {
      logger: logger.child({ jobId: job.id }),
      signal: abortSignal,
      attempt: job.attempts,
    });
  } catch (error) {
    // The message is stored with the job in the database, so it must not contain statement values or credentials.
    const message =
      error instanceof Error ? safeMessage(error) : 'A task threw a value that is not an Error.';
    throw new Error(maskSecrets(message), { cause: error });
  }
}

/** Removes the scheduled time that graphile-worker adds to a cron job's payload. */
function withoutCronNote(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || !('_cron' in payload)) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([name]) => name !== '_cron'));
}

/** Returns the scheduled tasks. Runs that were missed while no gateway was running are skipped. */
export function toCronItems(tasks: TaskMap): ParsedCronItem[] {
  return parseCronItems(
    Object.entries(tasks).flatMap(([name, task]) => {
      if (task.cron === undefined) return [];
      const options = { backfillPeriod: 0, maxAttempts: maxAttemptsOf(task) };
      return [{ task: name, match: task.cron, identifier: name, options }];
    }),
  );
}

/** Forwards graphile-worker's log to ours. It logs every job with level "info", which is our "debug". */
export function bridgeLogger(logger: Logger): WorkerLogger {
  return new WorkerLogger((scope) => {
    const { taskIdentifier, jobId } = scope;
    const scoped = logger.child({ task: taskIdentifier, jobId });
    return (level, message, meta) => {
      const severity: string = level;
      const error = meta?.['error'];
      if (meta?.['failure'] === true) {
        // graphile-worker's message contains the unmasked error message and stack, so it is replaced.
        scoped.warn({ err: error }, 'a job failed');
      } else if (severity === 'error') {
        scoped.error({ err: error }, message);
      } else if (severity === 'warning') {
        scoped.warn(message);
      } else {
        scoped.debug(message);
      }
    };
  });
}
