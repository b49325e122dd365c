import { expect, it } from 'vitest';
import { createRoleTracker } from './session-state.ts';

/** The role that was set, the command tag, and whether a transaction is open afterwards. */
type Step = readonly [taken: string | null, ending: string | null, inTransaction: boolean];

const roleAfter = (...steps: readonly Step[]): string | null => {
  const role = createRoleTracker();
  for (const step of steps) role.follow(...step);
  return role.current;
};

it.each<[string | null, string, readonly Step[]]>([
  ['r', 'a statement', [['r', 'SELECT 1', false]]],
  [
    'r',
    'a later failure',
    [
      ['r', 'SELECT 1', false],
      [null, null, false],
    ],
  ],
  [null, 'a failed statement that also set the role', [['r', null, false]]],
  [
    null,
    'a failed statement that set another role',
    [
      ['q', 'SELECT 1', false],
      ['r', null, false],
    ],
  ],
  [null, 'BEGIN in a transaction that is still open', [['r', 'BEGIN', true]]],
  [
    'r',
    'a commit',
    [
      ['r', 'BEGIN', true],
      [null, 'INSERT 0 1', true],
      [null, 'COMMIT', false],
    ],
  ],
  [
    null,
    'a rollback',
    [
      ['r', 'BEGIN', true],
      [null, 'ROLLBACK', false],
    ],
  ],
  [
    null,
    'a commit of a failed transaction',
    [
      ['r', 'BEGIN', true],
      [null, null, true],
      [null, 'ROLLBACK', false],
    ],
  ],
  [
    null,
    'a failed commit',
    [
      ['r', 'BEGIN', true],
      [null, null, false],
    ],
  ],
  [
    'r',
    'a rollback of a transaction that did not set the role',
    [
      ['r', 'SELECT 1', false],
      [null, 'BEGIN', true],
      [null, 'ROLLBACK', false],
    ],
  ],
  [
    'q',
    'switching to another role',
    [
      ['r', 'SELECT 1', false],
      ['q', 'SELECT 1', false],
    ],
  ],
])('has the role %s after %s', (expected, _what, steps) => {
  expect(roleAfter(...steps)).toBe(expected);
});
