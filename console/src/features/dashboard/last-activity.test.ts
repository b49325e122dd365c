import { expect, test } from 'vitest';

import { dayInWords, lastActivity } from './last-activity.ts';

const createdAt = '2030-01-01T10:00:00.000Z';
const schema = { version: 3, appliedAt: '2030-01-05T10:00:00.000Z' };
const day = (date: string, requests: number) => ({ day: date, requests, errors: 0 });

test('the last activity is the creation of the project if it has no schema and no requests', () => {
  const usage = [day('2030-01-05', 0)];
  expect(lastActivity({ createdAt, schema: null, usage })).toEqual({
    kind: 'CREATED',
    at: createdAt,
  });
});

test('the last activity is the latest schema change if the project has no requests', () => {
  expect(lastActivity({ createdAt, schema, usage: [] })).toEqual({
    kind: 'SCHEMA',
    version: 3,
    at: schema.appliedAt,
  });
});

test('the last activity is the last day with requests, unless a schema was applied later', () => {
  const usage = [day('2030-01-05', 2), day('2030-01-06', 1), day('2030-01-07', 0)];
  expect(lastActivity({ createdAt, schema, usage })).toEqual({
    kind: 'REQUEST',
    day: '2030-01-06',
  });
  const earlier = [day('2030-01-03', 2), day('2030-01-04', 1)];
  expect(lastActivity({ createdAt, schema, usage: earlier }).kind).toBe('SCHEMA');
});

test('dayInWords formats days relative to today', () => {
  const now = new Date('2030-01-08T23:59:00Z');
  expect(dayInWords('2030-01-08', now)).toBe('today');
  expect(dayInWords('2030-01-07', now)).toBe('yesterday');
  expect(dayInWords('2030-01-03', now)).toBe('5 days ago');
});
