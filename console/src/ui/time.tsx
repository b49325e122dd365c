import { useSyncExternalStore } from 'react';

import { absoluteTime, relativeTime } from './relative-time.ts';
import { Tooltip } from './tooltip.tsx';

interface TimeProps {
  readonly value: string | Date;
  readonly className?: string;
}

/** A relative time, with the absolute time as a tooltip. */
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

/** A clock shared by all `Time` components. It ticks only while at least one is mounted. */
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
      // The clock was stopped while it had no listeners.
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
