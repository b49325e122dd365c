import pLimit from 'p-limit';
import { requestErrors } from './errors/request-errors.ts';

export interface BoundedWorkOptions {
  /** How many pieces of work may run at once. */
  readonly concurrency: number;
  /** How many more may wait for their turn. */
  readonly maxWaiting: number;
  /** How long one may wait for its turn, in milliseconds. */
  readonly maxWaitMs: number;
}

export type BoundedWork = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs expensive work a few pieces at a time; what would have to wait too long is refused with `OVERLOADED`. */
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
