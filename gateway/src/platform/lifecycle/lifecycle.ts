import type { Logger } from 'pino';
import { tooLate, within } from '../within.ts';

/** One part of the process: how it comes up, and how it goes down again. */
export interface Phase<T> {
  /** What the log calls it: `jobs`, `database`. */
  readonly name: string;
  start(): T | Promise<T>;
  stop(started: T): void | Promise<void>;
  /** Milliseconds that `stop` may take before the next phase goes ahead. Default: 10 s. */
  readonly stopTimeoutMs?: number;
}

export interface Lifecycle {
  /**
   * Starts a part, and remembers how to stop it. One part at a time: each may stand on those before it.
   * @throws {StopRequested} when a stop began before or meanwhile: the part is not left running
   */
  start<T>(phase: Phase<T>): Promise<T>;
  /**
   * Stops what was started, the last first. Every phase is timed and logged; one that fails or takes too
   * long does not keep the others from stopping. A second call waits for the first.
   * @returns whether every phase ended in order
   */
  stop(): Promise<boolean>;
}

/** Somebody asked the process to stop while it was still starting. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested';

  constructor() {
    super('A stop was requested during the start.');
  }
}

interface StartedPhase {
  readonly name: string;
  readonly timeoutMs: number;
  stop(): void | Promise<void>;
}

const defaultStopTimeoutMs = 10_000;

/**
 * The order of a process's parts, kept in one place: whatever happens, also in the middle of a start,
 * what stands is taken down from the top.
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
    // Set by `stop` while we were waiting, which the compiler cannot see.
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
      logger.error(fields(), `shutdown: ${phase.name} did not end in time`);
      return false;
    }
    logger.info(fields(), `shutdown: ${phase.name} ended`);
    return true;
  } catch (error) {
    logger.error({ ...fields(), err: error }, `shutdown: ${phase.name} failed`);
    return false;
  }
}
