import { expect, it } from 'vitest';

import { countOf } from './count-of.ts';

it.each([
  [1, '1 step'],
  [0, '0 steps'],
  [1200, '1,200 steps'],
])('formats %i with its noun', (count, text) => {
  expect(countOf(count, 'step')).toBe(text);
});

it('uses the given plural', () => {
  expect(countOf(2, 'entry', 'entries')).toBe('2 entries');
});
