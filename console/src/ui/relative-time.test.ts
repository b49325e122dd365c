import { describe, expect, it } from 'vitest';

import { relativeTime } from './relative-time.ts';

// Noon in the local time zone, because days are calendar days.
const now = new Date(2026, 10, 24, 12);

const second = 1;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The time this many seconds after `now`. */
const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

it.each([
  [-2 * second, 'just now'],
  [25 * second, 'just now'],
  [26 * second, 'in less than a minute'],
  [59 * second, 'in less than a minute'],
  [minute, 'in 1 minute'],
  [89 * second, 'in 1 minute'],
  [90 * second, 'in 2 minutes'],
  [-110 * second, '2 minutes ago'],
  [-59 * minute, '59 minutes ago'],
  [-(59 * minute + 30 * second), '1 hour ago'],
  [hour, 'in 1 hour'],
  [-89 * minute, '1 hour ago'],
  [-90 * minute, '2 hours ago'],
  [23.4 * hour, 'in 23 hours'],
  [23.6 * hour, 'tomorrow'],
])('formats a difference of %d seconds as "%s"', (seconds, words) => {
  expect(relativeTime(after(seconds), now)).toBe(words);
});

it.each([
  [1, 'tomorrow'],
  [2, 'in 2 days'],
  [6, 'in 6 days'],
  [7, 'in 1 week'],
  [10, 'in 1 week'],
  [11, 'in 2 weeks'],
  [29, 'in 4 weeks'],
  [30, 'in 1 month'],
  [45, 'in 1 month'],
  [46, 'in 2 months'],
  [76, 'in 2 months'],
  [77, 'in 3 months'],
  [90, 'in 3 months'],
  [91, 'in 3 months'],
  [350, 'in 11 months'],
  [351, 'in 1 year'],
  [365, 'in 1 year'],
  [547, 'in 1 year'],
  [548, 'in 2 years'],
  [-7, '1 week ago'],
  [-90, '3 months ago'],
  [-365, '1 year ago'],
])('formats a difference of %d days as "%s"', (days, words) => {
  expect(relativeTime(after(days * day), now)).toBe(words);
});

describe('a key with a lifetime of 90 days', () => {
  it.each([
    [-5 * second, 'in 3 months'],
    [-1 * day, 'in 3 months'],
    [-13 * day, 'in 3 months'],
    [-14 * day, 'in 2 months'],
  ])('%d seconds after it was created, expires "%s"', (seconds, words) => {
    expect(relativeTime(after(90 * day + seconds), now)).toBe(words);
  });
});

describe('days are calendar days', () => {
  it.each([
    [new Date(2026, 10, 23, 11), 'yesterday'],
    [new Date(2026, 10, 22, 23), '2 days ago'],
    [new Date(2026, 10, 26, 1), 'in 2 days'],
  ])('%o', (value, words) => {
    expect(relativeTime(value, now)).toBe(words);
  });
});
