import { expect, it } from 'vitest';
import { explainServerVersion } from './server-version.ts';

it.each([
  ['15.10', 150_010],
  ['15.18', 150_018],
  ['16.6', 160_006],
  ['17.2', 170_002],
  ['18.0', 180_000],
  ['19.1', 190_001],
])('accepts PostgreSQL %s', (_version, number) => {
  expect(explainServerVersion(number)).toBeNull();
});

it.each([
  ['14.23', 140_023, 'requires PostgreSQL 15 or newer'],
  ['15.8', 150_008, 'Upgrade it to 15.10 or newer'],
  ['15.9', 150_009, 'Upgrade it to 15.10 or newer'],
  ['16.5', 160_005, 'Upgrade it to 16.6 or newer'],
  ['17.0', 170_000, 'Upgrade it to 17.2 or newer'],
  ['17.1', 170_001, 'version 17.1, in which SET ROLE'],
])('rejects PostgreSQL %s, and states the version to use', (_version, number, message) => {
  expect(explainServerVersion(number)).toContain(message);
});
