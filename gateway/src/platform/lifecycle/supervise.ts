import type { EventEmitter } from 'node:events';

import type { Logger } from 'pino';

import type { Lifecycle } from './lifecycle.ts';

/** Signals that ask a process to end. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignalHandlers {
  /** Called once, with the first signal. */
  readonly stop: (signal: NodeJS.Signals) => void;
  /** Called when somebody asks again because the stop takes them too long. */
  readonly force: (signal: NodeJS.Signals) => void;
  /** Milliseconds; a monotonic clock. */
  readonly now: () => number;
}

/**
 * Within this time a further signal is the first one's echo: Ctrl-C reaches the whole foreground group,
 * and npm sends its children the signal that it got itself.
 */
const echoMs = 500;

/** Turns signals into one orderly stop, and a later one into a forced end. */
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
