import type { Logger } from 'pino';
import { tooLate, within } from '../within.ts';

/** One part of the process, with functions to start and stop it. */
export interface Phase<T> {
  /** The name in the log, such as `jobs` or `database`. */
  readonly name: string;
  start(): T | Promise<T>;
  stop(started: T): void | Promise<void>;
  /** Timeout for `stop` in milliseconds. When it expires, the next part is stopped. Default: 10,000. */
  readonly stopTimeoutMs?: number;
}

export interface Lifecycle {
  /**
   * Starts a part and registers it for `stop`. Parts must be started one at a time, because each can depend on the
   * parts before it.
   * @throws {StopRequested} if a stop was requested before or during the start. In this case, the part does not keep
   * running.
   */
  start<T>(phase: Phase<T>): Promise<T>;
  /**
   * Stops all started parts in reverse order and logs how long each took. If a part fails to stop or takes too long,
   * the others are still stopped. A second call waits for the first.
   * @returns whether every part stopped without an error and in time
   */
  stop(): Promise<boolean>;
}

/** A stop was requested while the process was still starting. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested';

  constructor() {
    super('A shutdown was requested during startup.');
  }
}

interface StartedPhase {
  readonly name: string;
  readonly timeoutMs: number;
  stop(): void | Promise<void>;
}

const defaultStopTimeoutMs = 10_000;

/**
 * Starts the parts of the process and tracks their order, so that they can be stopped in reverse order at any time,
 * including during startup.
 */
export function createLifecycle({ logger }: { readonly logger: Logger }): Lifecycle {
  const running: StartedPhase[] = [];
  let starting: Promise<unknown> = Promise.resolve();
  let stopped: Promise<boolean> | null = null;

  async function startAndRemember<T>(phase: Phase<T>): Promise<T> {
    const started = await phase.start();
    running.push({
      name: phase.name,
      timeoutMs: phase.stopTimeoutMs ?? defaultStopTimeoutMs,
      stop: () => phase.stop(started),
    });
    return started;
  }

  async function start<T>(phase: Phase<T>): Promise<T> {
    if (stopped !== null) throw new StopRequested();
    const work = startAndRemember(phase);
    starting = work.catch(() => undefined);
    const started = await work;
    // `stop` can set this during the await, which the compiler does not take into account.
    if (stopped as Promise<boolean> | null) throw new StopRequested();
    return started;
  }

  async function stopAll(): Promise<boolean> {
    await starting;
    let orderly = true;
    for (let phase = running.pop(); phase !== undefined; phase = running.pop()) {
      orderly = (await stopPhase(phase, logger)) && orderly;
    }
    return orderly;
  }

  return { start, stop: () => (stopped ??= stopAll()) };
}

async function stopPhase(phase: StartedPhase, logger: Logger): Promise<boolean> {
  const startedAt = performance.now();
  const fields = () => ({ phase: phase.name, ms: Math.round(performance.now() - startedAt) });
  try {
    const outcome = await within((async () => phase.stop())(), phase.timeoutMs);
    if (outcome === tooLate) {
      logger.error(fields(), `shutdown: ${phase.name} did not stop in time`);
      return false;
    }
    logger.info(fields(), `shutdown: ${phase.name} stopped`);
    return true;
  } catch (error) {
    logger.error({ ...fields(), err: error }, `shutdown: ${phase.name} failed`);
    return false;
  }
}
