import { expect, it } from 'vitest';

import { affectedWords, changeOf, impossibleReason } from './hazards.ts';

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
});
