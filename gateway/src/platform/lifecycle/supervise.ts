import type { Logger } from 'pino';

import type { Lifecycle } from './lifecycle.ts';
import type { StopSignals } from './stop-signals.ts';

export interface SuperviseOptions {
  readonly process: NodeJS.Process;
  readonly signals: StopSignals;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
}

/**
 * Shuts down gracefully after a signal (exit code 0) or an unhandled error (exit code 1), and exits immediately after a
 * second signal (exit code 1).
 * @returns functions to stop the process for other reasons
 */
export function superviseProcess({ process, signals, lifecycle, logger }: SuperviseOptions): {
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
    logger.fatal({ err: error }, 'Unhandled error: stopping');
    void stop(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  signals.handle({
    stop: (signal) => {
      logger.info({ signal }, `${signal}: stopping`);
      void stop(0);
    },
    force: (signal) => {
      logger.warn({ signal }, `${signal} again: exiting immediately`);
      process.exit(1);
    },
    now: () => performance.now(),
  });
  return { stop, fail };
}
