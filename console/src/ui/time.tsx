import { useSyncExternalStore } from 'react';

import { absoluteTime, relativeTime } from './relative-time.ts';
import { Tooltip } from './tooltip.tsx';

interface TimeProps {
  readonly value: string | Date;
  readonly className?: string;
}

/** When something was or will be: how long ago to read, and exactly when on hover. */
export function Time({ value, className }: TimeProps) {
  const now = useSyncExternalStore(clock.subscribe, clock.now);
  const date = new Date(value);
  return (
    <Tooltip content={absoluteTime(date)}>
      <time dateTime={date.toISOString()} className={className}>
        {relativeTime(date, new Date(now))}
      </time>
    </Tooltip>
  );
}

/** One clock for all the times of a page: it ticks while there is one to see. */
const clock = (() => {
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => now,
    subscribe: (listener: () => void) => {
      // It stood still while nobody looked.
      if (listeners.size === 0) now = Date.now();
      listeners.add(listener);
      timer ??= setInterval(tick, 20_000);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
})();
