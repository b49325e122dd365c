const dayMs = 24 * 60 * 60 * 1_000;

/** The requests that count towards one key or project on one day. */
export interface DailyUsage {
  readonly id: string;
  /** In UTC: `2030-01-31`. */
  readonly day: string;
  readonly requests: number;
  readonly errors: number;
  readonly lastAt: Date;
}

/** The usage of keys or projects. It is kept in memory until it is written. */
export interface PendingUsage {
  /** @param now in milliseconds since the epoch */
  add(id: string, now: number, failed: boolean): void;
  /** Returns all usage since the last call, and removes it. */
  take(): readonly DailyUsage[];
  /** Adds back usage that could not be written. */
  putBack(usage: readonly DailyUsage[]): void;
}

interface Counters {
  requests: number;
  errors: number;
  lastAt: number;
}

/** @param max the maximum number of keys or projects for which requests are counted */
export function createPendingUsage(max: number): PendingUsage {
  let days = new Map<number, Map<string, Counters>>();
  let size = 0;

  const countersOf = (id: string, day: number): Counters | null => {
    let ofDay = days.get(day);
    if (ofDay === undefined) {
      ofDay = new Map();
      days.set(day, ofDay);
    }
    const known = ofDay.get(id);
    if (known !== undefined) return known;
    if (size >= max) return null;
    size += 1;
    const counters: Counters = { requests: 0, errors: 0, lastAt: 0 };
    ofDay.set(id, counters);
    return counters;
  };

  return {
    add(id, now, failed) {
      const counters = countersOf(id, Math.floor(now / dayMs));
      if (counters === null) return;
      counters.requests += 1;
      if (failed) counters.errors += 1;
      if (now > counters.lastAt) counters.lastAt = now;
    },

    take() {
      const taken = days;
      days = new Map();
      size = 0;
      return [...taken].flatMap(([day, ofDay]) => {
        const text = dayOf(day * dayMs);
        return [...ofDay].map(([id, { requests, errors, lastAt }]): DailyUsage => {
          return { id, day: text, requests, errors, lastAt: new Date(lastAt) };
        });
      });
    },

    putBack(usage) {
      for (const { id, day, requests, errors, lastAt } of usage) {
        const counters = countersOf(id, Date.parse(day) / dayMs);
        if (counters === null) continue;
        counters.requests += requests;
        counters.errors += errors;
        counters.lastAt = Math.max(counters.lastAt, lastAt.getTime());
      }
    },
  };
}

/** Returns the UTC day for a time in milliseconds: `2030-01-31`. */
export function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
