/** The time and the timers of live subscriptions. Passed as an argument so that tests can control the time. */
export interface Timers {
  /** A monotonic clock, in milliseconds. */
  now(): number;
  /** Calls `run` once after this many milliseconds. Returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    // Pending work of subscriptions does not keep the process running.
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
