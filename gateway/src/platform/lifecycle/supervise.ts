import type { Logger } from 'pino';
import type { Lifecycle } from './lifecycle.ts';
import { onStopSignals } from './stop-signals.ts';

export interface SuperviseOptions {
  readonly process: NodeJS.Process;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
}

/**
 * Decides when and how the process ends: in order after a signal (exit code 0), in order after an error
 * that nobody handled (1), at once when a second signal shows that somebody is out of patience (1).
 * @returns how to end for a reason of one's own
 */
export function superviseProcess({ process, lifecycle, logger }: SuperviseOptions): {
  readonly stop: (exitCode: 0 | 1) => Promise<never>;
  readonly fail: (error: unknown) => void;
} {
  let exitCode: 0 | 1 = 0;
  const stop = async (wanted: 0 | 1): Promise<never> => {
    if (wanted === 1) exitCode = 1;
    if (!(await lifecycle.stop())) exitCode = 1;
    return process.exit(exitCode);
  };
  const fail = (error: unknown) => {
    logger.fatal({ err: error }, 'An error that nobody handled; stopping');
    void stop(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  onStopSignals(process, {
    stop: (signal) => {
      logger.info({ signal }, `${signal}: stopping`);
      void stop(0);
    },
    force: (signal) => {
      logger.warn({ signal }, `${signal} again: ending at once`);
      process.exit(1);
    },
    now: () => performance.now(),
  });
  return { stop, fail };
}
