import { setTimeout as wait } from 'node:timers/promises';

export const tooLate = Symbol('too late');

/** What the promise gives, or `tooLate` after so many milliseconds; the promise goes on by itself. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof tooLate> {
  const timer = new AbortController();
  try {
    const timeout = wait(ms, tooLate, { signal: timer.signal });
    // When the promise wins, the timer's abort is nobody's error.
    timeout.catch(() => undefined);
    return await Promise.race([promise, timeout]);
  } finally {
    timer.abort();
  }
}
