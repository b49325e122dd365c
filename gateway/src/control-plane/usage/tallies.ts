const dayMs = 24 * 60 * 60 * 1_000;

/** How often something was used on one day. */
export interface Tally {
  readonly id: string;
  /** Of UTC: `2030-01-31`. */
  readonly day: string;
  readonly requests: number;
  readonly errors: number;
  readonly lastAt: Date;
}

export interface Tallies {
  /** @param now in milliseconds since the epoch */
  add(id: string, now: number, failed: boolean): void;
  /** All that were counted since the last time. */
  take(): readonly Tally[];
  putBack(tallies: readonly Tally[]): void;
}

interface Count {
  requests: number;
  errors: number;
  lastAt: number;
}

/** @param max how many things are counted at a time; the uses of further ones are not */
export function createTallies(max: number): Tallies {
  let days = new Map<number, Map<string, Count>>();
  let size = 0;

  const countOf = (id: string, day: number): Count | null => {
    let counts = days.get(day);
    if (counts === undefined) {
      counts = new Map();
      days.set(day, counts);
    }
    const known = counts.get(id);
    if (known !== undefined) return known;
    if (size >= max) return null;
    size += 1;
    const count: Count = { requests: 0, errors: 0, lastAt: 0 };
    counts.set(id, count);
    return count;
  };

  return {
    add(id, now, failed) {
      const count = countOf(id, Math.floor(now / dayMs));
      if (count === null) return;
      count.requests += 1;
      if (failed) count.errors += 1;
      if (now > count.lastAt) count.lastAt = now;
    },

    take() {
      const taken = days;
      days = new Map();
      size = 0;
      return [...taken].flatMap(([day, counts]) => {
        const text = dayOf(day * dayMs);
        return [...counts].map(([id, { requests, errors, lastAt }]): Tally => {
          return { id, day: text, requests, errors, lastAt: new Date(lastAt) };
        });
      });
    },

    putBack(tallies) {
      for (const { id, day, requests, errors, lastAt } of tallies) {
        const count = countOf(id, Date.parse(day) / dayMs);
        if (count === null) continue;
        count.requests += requests;
        count.errors += errors;
        count.lastAt = Math.max(count.lastAt, lastAt.getTime());
      }
    },
  };
}

/** The day in UTC of a moment: `2030-01-31`. */
export function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
