import { expect, it } from 'vitest';

import { affectedWords, changeOf } from './hazards.ts';

it('describes the number of affected rows for each hazard', () => {
  expect(affectedWords({ hazard: 'NONE', affectedRows: null })).toBeNull();
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 1 })).toBe('1 row loses data');
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 1200 })).toBe('1,200 rows lose data');
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 0 })).toBe('no rows lose data');
  expect(affectedWords({ hazard: 'MAY_FAIL', affectedRows: 0 })).toBe(
    'no rows violate the new rule',
  );
  expect(affectedWords({ hazard: 'MAY_FAIL', affectedRows: 1 })).toBe(
    '1 row violates the new rule',
  );
  expect(affectedWords({ hazard: 'LOCK', affectedRows: 3 })).toBe('3 rows to process');
});

it('derives the type of change from the kind of step', () => {
  expect(['CREATE_TABLE', 'ADD_CHECK'].map(changeOf)).toEqual(['ADD', 'ADD']);
  expect(changeOf('DROP_COLUMN')).toBe('DROP');
  expect(['RENAME_TABLE', 'SET_REQUIRED'].map(changeOf)).toEqual(['CHANGE', 'CHANGE']);
});
