import { expect, it } from 'vitest';

import { expiresAt } from './expiry.ts';

const now = new Date('2030-01-10T12:00:00Z');

it('supports expiry after a number of days, at the end of a given day, or never', () => {
  expect(expiresAt('NEVER', '', now)).toBeNull();
  expect(expiresAt('DAYS_7', '', now)).toBe('2030-01-17T12:00:00.000Z');
  expect(expiresAt('ON_DAY', '2030-02-28', now)).toBe(
    new Date('2030-03-01T00:00:00').toISOString(),
  );
});
