import type { EventEmitter } from 'node:events';

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
