import { setTimeout as wait } from 'node:timers/promises';

export const tooLate = Symbol('too late');

/** Returns the result of the promise, or `tooLate` after `ms` milliseconds. The promise itself is not canceled. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof tooLate> {
  const timer = new AbortController();
  try {
    const timeout = wait(ms, tooLate, { signal: timer.signal });
    // If the promise settles first, the rejection of the aborted timer must be handled.
    timeout.catch(() => undefined);
    return await Promise.race([promise, timeout]);
  } finally {
    timer.abort();
  }
}
