/**
 * A time range. Ids are UUIDv7 (RFC 9562, 5.7), which begin with 48 bits of milliseconds since 1970, so a time range is
 * also a range of ids, and the index on ids can be used.
 */
export interface TimeRange {
  readonly since?: Date | null | undefined;
  readonly until?: Date | null | undefined;
}

/** The entry's `at` and its id are generated separately, so they can differ slightly. */
const slackMs = 60_000;
const latestMs = 2 ** 48 - 1;

/** Bounds for the ids of entries in a time range. They are slightly too wide, so the query must also filter by time. */
export function idRange({ since, until }: TimeRange): { gte?: string; lt?: string } {
  return {
    ...(since != null && { gte: firstId(since.getTime() - slackMs) }),
    ...(until != null && { lt: firstId(until.getTime() + slackMs) }),
  };
}

function firstId(ms: number): string {
  const hex = Math.min(Math.max(ms, 0), latestMs).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
