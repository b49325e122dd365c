import { expect, it } from 'vitest';

import { isProjectRef } from './project-ref.ts';

it('tells whether a text can be a ref', () => {
  expect(isProjectRef('abcdefgh01234567')).toBe(true);
  expect(isProjectRef('ABCDEFGH01234567')).toBe(false);
});
