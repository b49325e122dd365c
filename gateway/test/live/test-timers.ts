import { setImmediate as turn } from 'node:timers/promises';
import type { Timers } from '../../src/data-plane/live/timers.ts';

/** Timers that run when the test advances the time. */
export interface TestTimers extends Timers {
  /** Advances the time, runs the timers whose time has come, and waits for their promises. */
  advance(ms: number): Promise<void>;
  /** Waits for promises that do not depend on a timer or on I/O. */
  settle(): Promise<void>;
}

export function createTestTimers(): TestTimers {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const settle = async () => {
    await turn();
  };
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        timers.delete(next);
        next.run();
        await settle();
      }
      now = end;
      await settle();
    },
    settle,
  };
}
