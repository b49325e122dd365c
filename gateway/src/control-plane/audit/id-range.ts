/**
 * Ids are UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds since 1970 come first. So a stretch of time is
 * also a stretch of ids, which an index by id finds without reading the rest of the log.
 */
export interface TimeRange {
  readonly since?: Date | null | undefined;
  readonly until?: Date | null | undefined;
}

/** An entry's `at` and its id are made one right after the other, by one clock. */
const slackMs = 60_000;
const latestMs = 2 ** 48 - 1;

/** Bounds of the ids of entries written in a range; a little wide, so ask for the exact time as well. */
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
