import { Logger as WorkerLogger } from 'graphile-worker';
import type { Logger } from '../telemetry/logger.ts';

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
