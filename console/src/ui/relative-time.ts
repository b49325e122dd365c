const counted = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const named = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' });

const secondsPerHour = 3_600;
const daysPerWeek = 7;
/** The mean lengths in the Gregorian calendar. */
const daysPerMonth = 30.436_875;
const daysPerYear = 365.242_5;

/**
 * Formats a time relative to `now`, rounded to the nearest unit. The unit is the largest one of which the rounded
 * number is at least 1.
 *
 * @example relativeTime(anHourAgo, now) // '1 hour ago'
 * @example relativeTime(in90Days, now) // 'in 3 months'
 */
export function relativeTime(value: Date, now: Date): string {
  const seconds = (value.getTime() - now.getTime()) / 1000;
  // The caller's clock ticks every 20 s, so a recent event can be up to 20 s ahead of it.
  if (Math.abs(seconds) < 60) return seconds > 25 ? 'in less than a minute' : 'just now';
  const minutes = rounded(seconds / 60);
  if (Math.abs(minutes) < 60) return counted.format(minutes, 'minute');
  const hours = rounded(seconds / secondsPerHour);
  if (Math.abs(hours) < 24) return counted.format(hours, 'hour');
  // The words "yesterday" and "tomorrow" are about the calendar, not about the last and the next 24 hours.
  const days = calendarDays(value) - calendarDays(now);
  if (Math.abs(days) < daysPerWeek) return named.format(days, 'day');
  // "in 1 week" instead of "next week", which means a week of the calendar. The same applies to months and years.
  if (Math.abs(days) < 30) return counted.format(rounded(days / daysPerWeek), 'week');
  const months = rounded(days / daysPerMonth);
  if (Math.abs(months) < 12) return counted.format(months, 'month');
  return counted.format(rounded(days / daysPerYear), 'year');
}

/** Rounds halves away from zero, so that the past and the future are rounded alike. */
const rounded = (number: number): number => Math.sign(number) * Math.round(Math.abs(number));

/** The number of the day in the local time zone. Consecutive days have consecutive numbers. */
const calendarDays = (time: Date): number =>
  Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / 86_400_000;

/**
 * Formats a date and time in the local time zone.
 *
 * @example absoluteTime(date) // 'November 24, 2026 at 12:31 AM'
 */
export const absoluteTime = (value: Date): string => absolute.format(value);
