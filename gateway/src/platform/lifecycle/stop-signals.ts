import type { EventEmitter } from 'node:events';

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

export interface StopSignals {
  /** From now on, calls the handlers instead of exiting. */
  handle(handlers: StopSignalHandlers): void;
}

/**
 * Another signal within this time is ignored as a duplicate: Ctrl-C is sent to the whole foreground process group, and
 * npm also forwards the signal to its children.
 */
const echoMs = 500;

/**
 * Listens for stop signals. Until `handle` is called, nothing has started yet, so a signal exits the process at once
 * with code 0. Call this function before the rest of the program is loaded: process 1 of a container ignores signals
 * that it does not listen for.
 */
export function listenForStopSignals(
  process: Pick<EventEmitter, 'on'> & { exit(code: number): void },
): StopSignals {
  let handlers: StopSignalHandlers | null = null;
  let firstAt: number | null = null;
  const receive = (signal: NodeJS.Signals) => {
    if (handlers === null) {
      process.exit(0);
    } else if (firstAt === null) {
      firstAt = handlers.now();
      handlers.stop(signal);
    } else if (handlers.now() - firstAt > echoMs) {
      handlers.force(signal);
    }
  };
  for (const signal of stopSignals) process.on(signal, receive);
  return { handle: (given) => void (handlers = given) };
}
