import { expect, it } from 'vitest';

import { relativeTime } from './relative-time.ts';

const now = new Date('2026-11-24T12:00:00Z');

it.each([
  ['2026-11-24T11:59:58Z', 'just now'],
  ['2026-11-24T12:00:30Z', 'in less than a minute'],
  ['2026-11-24T11:58:10Z', '1 minute ago'],
  ['2026-11-24T09:00:00Z', '3 hours ago'],
  ['2026-11-23T11:00:00Z', 'yesterday'],
  ['2026-11-10T12:00:00Z', '2 weeks ago'],
  ['2026-12-01T12:00:00Z', 'next week'],
  ['2024-11-01T12:00:00Z', '2 years ago'],
  ['2027-02-22T11:59:55Z', 'in 3 months'],
  ['2027-02-20T12:00:00Z', 'in 2 months'],
])('formats %s as "%s"', (value, words) => {
  expect(relativeTime(new Date(value), now)).toBe(words);
});
