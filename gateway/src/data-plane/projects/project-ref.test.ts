import { expect, it } from 'vitest';

import { isProjectRef } from './project-ref.ts';

it('checks the format of a project ref', () => {
  expect(isProjectRef('abcdefgh01234567')).toBe(true);
  expect(isProjectRef('ABCDEFGH01234567')).toBe(false);
});
