import type { EventEmitter } from 'node:events';

import type { Logger } from 'pino';

import type { Lifecycle } from './lifecycle.ts';

/** The signals that stop the process. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignalHandlers {
  /** Called once, for the first signal. */
  readonly stop: (signal: NodeJS.Signals) => void;
  /** Called for a later signal, to exit immediately. */
  readonly force: (signal: NodeJS.Signals) => void;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
}

/**
 * Another signal within this time is ignored as a duplicate: Ctrl-C is sent to the whole foreground process group, and
 * npm also forwards the signal to its children.
 */
const echoMs = 500;

/** Calls `stop` for the first signal and `force` for a later one. */
export function onStopSignals(
  process: Pick<EventEmitter, 'on'>,
  { stop, force, now }: StopSignalHandlers,
): void {
  let firstAt: number | null = null;
  const receive = (signal: NodeJS.Signals) => {
    if (firstAt === null) {
      firstAt = now();
      stop(signal);
    } else if (now() - firstAt > echoMs) {
      force(signal);
    }
  };
  for (const signal of stopSignals) process.on(signal, receive);
}

export interface SuperviseOptions {
  readonly process: NodeJS.Process;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
}

/**
 * Shuts down gracefully after a signal (exit code 0) or an unhandled error (exit code 1), and exits immediately after a
 * second signal (exit code 1).
 * @returns functions to stop the process for other reasons
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
    logger.fatal({ err: error }, 'Unhandled error: stopping');
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
      logger.warn({ signal }, `${signal} again: exiting immediately`);
      process.exit(1);
    },
    now: () => performance.now(),
  });
  return { stop, fail };
}
