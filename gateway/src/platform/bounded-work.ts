import pLimit from 'p-limit';
import { requestErrors } from './errors/request-errors.ts';

export interface BoundedWorkOptions {
  /** Maximum number of tasks that run at once. */
  readonly concurrency: number;
  /** Maximum number of additional tasks that can wait. */
  readonly maxWaiting: number;
  /** Maximum time that a task can wait, in milliseconds. */
  readonly maxWaitMs: number;
}

export type BoundedWork = <T>(work: () => Promise<T>) => Promise<T>;

/** Limits how many expensive tasks run at once. A task that cannot start in time fails with `OVERLOADED`. */
export function createBoundedWork(options: BoundedWorkOptions): BoundedWork {
  const { concurrency, maxWaiting, maxWaitMs } = options;
  const limit = pLimit(concurrency);
  let admitted = 0;

  return async (work) => {
    if (admitted >= concurrency + maxWaiting) throw requestErrors.overloaded();
    admitted++;
    const deadline = AbortSignal.timeout(maxWaitMs);
    try {
      return await new Promise((resolve, reject) => {
        const giveUp = () => reject(requestErrors.overloaded());
        deadline.addEventListener('abort', giveUp, { once: true });
        limit(() => {
          if (deadline.aborted) return undefined;
          deadline.removeEventListener('abort', giveUp);
          return work().then(resolve, reject);
        }).catch(reject);
      });
    } finally {
      admitted--;
    }
  };
}
