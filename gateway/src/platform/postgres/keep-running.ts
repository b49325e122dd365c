import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Postmaster } from './postmaster.ts';

export interface KeepRunningOptions {
  /** Starts PostgreSQL again, on the same port. */
  readonly restart: () => Promise<Postmaster>;
  readonly logger: Logger;
  /** Called once, with the last lines of PostgreSQL's log, if PostgreSQL cannot be kept running. */
  readonly onGivenUp: (lastOutput: string) => void;
  /** The pauses before the attempts to start PostgreSQL again, in milliseconds. After the last one, it is given up. */
  readonly pausesMs?: readonly number[];
}

/** Long enough for an operator to free disk space, and short enough that a process manager can try something else. */
const defaultPausesMs = [0, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000];
/** The attempts are counted from the beginning if PostgreSQL has run for this long. */
const stableMs = 60_000;

/**
 * Starts PostgreSQL again whenever it exits, for example because the system ran out of memory. It recovers committed
 * transactions at the start.
 * @returns a function that stops PostgreSQL for good
 */
export function keepRunning(
  first: Postmaster,
  options: KeepRunningOptions,
): { stop(): Promise<void> } {
  const { restart, logger, onGivenUp, pausesMs = defaultPausesMs } = options;
  const stopping = new AbortController();
  let current = first;
  let startedAt = performance.now();
  let attempts = 0;

  /** Returns the reason if PostgreSQL could not be started. */
  async function attempt(pauseMs: number): Promise<string | null> {
    await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) return null;
    try {
      current = await restart();
      startedAt = performance.now();
      logger.info('The embedded PostgreSQL is running again');
      return null;
    } catch (error) {
      if (!(error instanceof EmbeddedPostgresError)) throw error;
      logger.error({ err: error }, 'The embedded PostgreSQL could not be restarted');
      return error.message;
    }
  }

  async function watch(): Promise<void> {
    let lastOutput: string | null = null;
    for (;;) {
      if (lastOutput === null) {
        lastOutput = await current.exited;
        if (stopping.signal.aborted) return;
        if (performance.now() - startedAt >= stableMs) attempts = 0;
        logger.error({ lastOutput }, 'The embedded PostgreSQL stopped unexpectedly');
      }
      const pauseMs = pausesMs[attempts];
      if (pauseMs === undefined) {
        onGivenUp(lastOutput);
        return;
      }
      attempts += 1;
      lastOutput = await attempt(pauseMs);
      if (stopping.signal.aborted) return;
    }
  }

  const watching = watch().catch((error: unknown) => onGivenUp(String(error)));
  return {
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
      // A restart that was under way has replaced the stopped one.
      await current.stop();
    },
  };
}
