const steps: readonly [Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' });

/**
 * Formats a time relative to `now`.
 *
 * @example relativeTime(anHourAgo, now) // '1 hour ago'
 */
export function relativeTime(value: Date, now: Date): string {
  const seconds = (value.getTime() - now.getTime()) / 1000;
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  // The caller's clock ticks every 20 s, so a recent event can be up to 20 s ahead of it.
  if (step === undefined) return seconds > 25 ? 'in less than a minute' : 'just now';
  const [unit, size] = step;
  // For a new key with a lifetime of 90 days, the result is "in 3 months", not "in 2 months".
  const tolerance = Math.sign(seconds) * 0.02;
  return relative.format(Math.trunc(seconds / size + tolerance), unit);
}

/**
 * Formats a date and time in the local time zone.
 *
 * @example absoluteTime(date) // 'November 24, 2026 at 12:31 AM'
 */
export const absoluteTime = (value: Date): string => absolute.format(value);
