import { expect, it } from 'vitest';

import { affectedWords, changeOf, impossibleReason, publicRowsWords } from './hazards.ts';

it('describes the number of affected rows for each hazard', () => {
  expect(affectedWords({ hazard: 'NONE', affectedRows: null, certain: false })).toBeNull();
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 1, certain: false })).toBe(
    '1 row loses data',
  );
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 1200, certain: false })).toBe(
    '1,200 rows lose data',
  );
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 0, certain: false })).toBe(
    'no rows lose data',
  );
  expect(affectedWords({ hazard: 'MAY_FAIL', affectedRows: 0, certain: false })).toBe(
    'no rows violate the new rule',
  );
  expect(affectedWords({ hazard: 'MAY_FAIL', affectedRows: 1, certain: false })).toBe(
    '1 row violates the new rule',
  );
  expect(affectedWords({ hazard: 'MAY_FAIL', affectedRows: 12, certain: true })).toBe(
    'all 12 rows violate the new rule',
  );
  expect(affectedWords({ hazard: 'LOCK', affectedRows: 3, certain: false })).toBe(
    '3 rows to process',
  );
});

it('explains why a plan is certain to fail', () => {
  const step = {
    kind: 'ADD_COLUMN',
    target: 'T.f',
    summary: 'Add T.f.',
    sql: '',
    hazard: 'MAY_FAIL',
    affectedRows: 2,
    certain: false,
    publicRows: null,
  } as const;
  expect(impossibleReason([step])).toBeNull();
  expect(impossibleReason([step, { ...step, certain: true }])).toContain(
    'T.f: all existing rows violate the new rule',
  );
});

it('derives the type of change from the kind of step', () => {
  expect(['CREATE_TABLE', 'ADD_CHECK'].map(changeOf)).toEqual(['ADD', 'ADD']);
  expect(changeOf('DROP_COLUMN')).toBe('DROP');
  expect(['RENAME_TABLE', 'SET_REQUIRED'].map(changeOf)).toEqual(['CHANGE', 'CHANGE']);
  expect(changeOf('ACCESS')).toBe('ACCESS');
});

it('describes the rows that signed-out callers can read', () => {
  const exactly = (rows: number) => ({ rows, isExact: true });
  const many = { rows: 100_000, isExact: false };
  expect(publicRowsWords({ publicRows: { before: exactly(1), after: many } })).toBe(
    'Signed-out callers can read 1 row now, and more than 100,000 rows after this plan.',
  );
  expect(publicRowsWords({ publicRows: { before: exactly(0), after: null } })).toBe(
    'Signed-out callers can read 0 rows now.',
  );
  expect(publicRowsWords({ publicRows: { before: null, after: null } })).toBeNull();
  expect(publicRowsWords({ publicRows: null })).toBeNull();
});
