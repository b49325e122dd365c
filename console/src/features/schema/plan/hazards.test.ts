import { expect, it } from 'vitest';

import { affectedWords, changeOf, countOf } from './hazards.ts';

it('says how many rows a step concerns, in words of its hazard', () => {
  expect(affectedWords({ hazard: 'NONE', affectedRows: null })).toBeNull();
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 1 })).toBe('1 row loses data');
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 1200 })).toBe('1,200 rows lose data');
  expect(affectedWords({ hazard: 'DATA_LOSS', affectedRows: 0 })).toMatch(/^no row has/);
  expect(affectedWords({ hazard: 'MAY_FAIL', affectedRows: 0 })).toMatch(/^no row stands/);
  expect(affectedWords({ hazard: 'MAY_FAIL', affectedRows: 1 })).toBe('1 row stands against it');
  expect(affectedWords({ hazard: 'LOCK', affectedRows: 3 })).toBe('3 rows to go through');
});

it('tells what a step does by its kind', () => {
  expect(['CREATE_TABLE', 'ADD_CHECK'].map(changeOf)).toEqual(['ADD', 'ADD']);
  expect(changeOf('DROP_COLUMN')).toBe('DROP');
  expect(['RENAME_TABLE', 'SET_REQUIRED'].map(changeOf)).toEqual(['CHANGE', 'CHANGE']);
});

it('counts', () => {
  expect([countOf(1, 'step'), countOf(0, 'step'), countOf(1200, 'step')]).toEqual([
    '1 step',
    '0 steps',
    '1,200 steps',
  ]);
});
