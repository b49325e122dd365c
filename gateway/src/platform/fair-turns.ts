import { abortReason, type Cancellation } from './cancellation.ts';
import { requestErrors } from './errors/request-errors.ts';
import { createFairQueue } from './fair-queue.ts';

export interface FairTurnsOptions {
  /** Maximum number of tasks that run at once. */
  readonly running: number;
  readonly runningPerHolder: number;
  /** Maximum number of additional tasks that can wait. */
  readonly waiting: number;
  readonly waitingPerHolder: number;
  readonly maxWaitMs: number;
}

/**
 * Limits how many tasks run at once, in total and for each holder. Holders whose tasks wait take turns, so that a holder
 * with a thousand tasks does not delay a holder with one.
 */
export interface FairTurns {
  /**
   * Runs a task when it is its turn.
   * @throws RequestError `OVERLOADED` if too many tasks are waiting or the turn does not come in time
   * @throws the signal's reason if it is aborted while the task waits
   */
  run<T>(holder: string, signal: Cancellation, task: () => Promise<T>): Promise<T>;
}

interface Waiter {
  readonly start: () => void;
}

export function createFairTurns(options: FairTurnsOptions): FairTurns {
  const { running, runningPerHolder, waiting, waitingPerHolder, maxWaitMs } = options;
  const queue = createFairQueue<Waiter>({ total: waiting, perProject: waitingPerHolder });
  /** The number of running tasks of each holder. Holders without one have no entry. */
  const counts = new Map<string, number>();
  let total = 0;

  const mayRun = (holder: string): boolean => (counts.get(holder) ?? 0) < runningPerHolder;

  const begin = (holder: string): void => {
    total += 1;
    counts.set(holder, (counts.get(holder) ?? 0) + 1);
  };

  const end = (holder: string): void => {
    total -= 1;
    const left = (counts.get(holder) ?? 1) - 1;
    if (left === 0) counts.delete(holder);
    else counts.set(holder, left);
    if (total < running) queue.next(mayRun)?.start();
  };

  const turnOf = (holder: string, signal: Cancellation): Promise<void> =>
    new Promise((resolve, reject) => {
      const settled = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        start() {
          settled();
          begin(holder);
          resolve();
        },
      };
      const leave = (reason: Error) => {
        settled();
        queue.remove(holder, waiter);
        reject(reason);
      };
      const onAbort = () => leave(abortReason(signal));
      const timer = setTimeout(() => leave(requestErrors.overloaded()), maxWaitMs);
      signal.addEventListener('abort', onAbort);
      if (!queue.add(holder, waiter)) leave(requestErrors.overloaded());
    });

  return {
    async run(holder, signal, task) {
      signal.throwIfAborted();
      if (total < running && mayRun(holder)) begin(holder);
      else await turnOf(holder, signal);
      try {
        return await task();
      } finally {
        end(holder);
      }
    },
  };
}
