import { expect, it } from 'vitest';

import { createByteBudget } from './byte-budget.ts';

it('limits each holder separately and all holders together', () => {
  const budget = createByteBudget({ total: 100, perHolder: 60 });
  expect(budget.reserve('a', 60)).toBe(true);
  expect(budget.reserve('a', 1)).toBe(false);
  expect(budget.reserve('b', 40)).toBe(true);
  expect(budget.reserve('c', 1)).toBe(false);
  expect(budget.used).toBe(100);
});

it('reserves nothing if a limit would be exceeded', () => {
  const budget = createByteBudget({ total: 100, perHolder: 60 });
  expect(budget.reserve('a', 61)).toBe(false);
  expect(budget.used).toBe(0);
  expect(budget.reserve('a', 60)).toBe(true);
});

it('can reserve released bytes again', () => {
  const budget = createByteBudget({ total: 100, perHolder: 60 });
  budget.reserve('a', 60);
  budget.reserve('b', 40);
  budget.release('a', 20);
  expect(budget.reserve('c', 20)).toBe(true);
  expect(budget.reserve('a', 1)).toBe(false);
  budget.release('b', 40);
  expect(budget.reserve('a', 20)).toBe(true);
  expect(budget.reserve('a', 1)).toBe(false);
});
