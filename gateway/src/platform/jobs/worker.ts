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

/** Our tasks as graphile-worker takes them. */
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
    // The message is kept with the job in the database: without a statement's values or a credential.
    const message = error instanceof Error ? safeMessage(error) : 'A task threw what is no error.';
    throw new Error(maskSecrets(message), { cause: error });
  }
}

/** graphile-worker puts the planned time of a cron job into its payload. */
function withoutCronNote(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || !('_cron' in payload)) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([name]) => name !== '_cron'));
}

/** The tasks that run on their own. What was missed while no gateway ran is not made up for. */
export function toCronItems(tasks: TaskMap): ParsedCronItem[] {
  return parseCronItems(
    Object.entries(tasks).flatMap(([name, task]) => {
      if (task.cron === undefined) return [];
      const options = { backfillPeriod: 0, maxAttempts: maxAttemptsOf(task) };
      return [{ task: name, match: task.cron, identifier: name, options }];
    }),
  );
}

/** graphile-worker's log in ours. Its "info" tells of every job: that is our "debug". */
export function bridgeLogger(logger: Logger): WorkerLogger {
  return new WorkerLogger((scope) => {
    const { taskIdentifier, jobId } = scope;
    const scoped = logger.child({ task: taskIdentifier, jobId });
    return (level, message, meta) => {
      const severity: string = level;
      const error = meta?.['error'];
      if (meta?.['failure'] === true) {
        // Its message repeats the error's text and stack; ours has them once, and masked.
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
