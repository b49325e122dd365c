import { countOf } from '#console/lib/count-of.ts';

export const usageSpans = [7, 30, 90] as const;
export type UsageSpan = (typeof usageSpans)[number];

export interface UsageDay {
  /** A UTC date: `2030-01-31`. */
  readonly day: string;
  readonly requests: number;
  readonly errors: number;
}

const count = new Intl.NumberFormat('en');
const dayOfYear = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

export const dayLabel = (day: string): string => dayOfYear.format(new Date(`${day}T00:00:00Z`));

/**
 * Summarizes daily usage as text.
 *
 * @example usageInWords(days) // '9 requests in the last 7 days, 3 refused or failed. Busiest day: Nov 3 (4 requests).'
 */
export function usageInWords(days: readonly UsageDay[]): string {
  const requests = days.reduce((sum, day) => sum + day.requests, 0);
  if (requests === 0) return `No requests in the last ${days.length} days.`;
  const errors = days.reduce((sum, day) => sum + day.errors, 0);
  const most = days.reduce((best, day) => (day.requests > best.requests ? day : best));
  const failed = errors === 0 ? 'none failed' : `${count.format(errors)} refused or failed`;
  return `${countOf(requests, 'request')} in the last ${days.length} days, ${failed}. Busiest day: ${dayLabel(most.day)} (${countOf(most.requests, 'request')}).`;
}
