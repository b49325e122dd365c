import { expect, it } from 'vitest';
import { createRoleTracker } from './session-state.ts';

/** Role taken, command tag, in a transaction afterwards. */
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
    'a failure later',
    [
      ['r', 'SELECT 1', false],
      [null, null, false],
    ],
  ],
  [null, 'a statement that failed, role and all', [['r', null, false]]],
  [
    null,
    'a failure where another role was set',
    [
      ['q', 'SELECT 1', false],
      ['r', null, false],
    ],
  ],
  [null, 'a transaction that is open', [['r', 'BEGIN', true]]],
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
    'a commit of what had failed',
    [
      ['r', 'BEGIN', true],
      [null, null, true],
      [null, 'ROLLBACK', false],
    ],
  ],
  [
    null,
    'a commit that failed',
    [
      ['r', 'BEGIN', true],
      [null, null, false],
    ],
  ],
  [
    'r',
    'a rollback of a transaction begun in it',
    [
      ['r', 'SELECT 1', false],
      [null, 'BEGIN', true],
      [null, 'ROLLBACK', false],
    ],
  ],
  [
    'q',
    'taking another',
    [
      ['r', 'SELECT 1', false],
      ['q', 'SELECT 1', false],
    ],
  ],
])('is %s after %s', (expected, _what, steps) => {
  expect(roleAfter(...steps)).toBe(expected);
});
