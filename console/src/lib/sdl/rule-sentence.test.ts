import { expect, it } from 'vitest';

import { filterWords, ruleSentence } from './rule-sentence.ts';
import type { RuleDraft } from './written-rules.ts';

const sentence = (rule: Partial<RuleDraft>) =>
  ruleSentence({
    directive: 'allow',
    to: ['READ'],
    as: 'USER',
    where: '',
    check: '',
    user: '',
    claims: '',
    ...rule,
  });

it('describes a rule as a sentence', () => {
  expect(sentence({ as: 'PUBLIC', where: '{ at: { lte: "$now" } }' })).toBe(
    'Everyone can read the rows where at is at most the current time.',
  );
  expect(
    sentence({
      to: ['READ', 'UPDATE', 'DELETE'],
      where: '{ author: { id: { eq: "$user.id" } } }',
      check: '{ locked: { eq: false } }',
    }),
  ).toBe(
    'Signed-in users can read, update and delete the rows where author.id is the caller’s id. After an update, locked is false.',
  );
  expect(sentence({ as: 'GUEST', claims: '{ role: { in: [A, B] } }' })).toBe(
    'Signed-in callers and guests can read all rows, if the claim role is one of A and B.',
  );
  expect(sentence({ user: '{ team: { name: { eq: "x" } } }' })).toBe(
    'Signed-in users can read all rows, if for their own row, team.name is "x".',
  );
  expect(
    sentence({
      directive: 'require',
      to: ['UPDATE'],
      where: '{ locked: { eq: false } }',
      check: '{}',
    }),
  ).toBe(
    'To update a row, this must also hold: locked is false. After an update, the row can have any values.',
  );
});

it('describes relations, quantifiers and combinations', () => {
  expect(filterWords('{ members: { some: { userId: { eq: "$user.id" } } } }')).toBe(
    'at least one of its members (userId is the caller’s id)',
  );
  expect(filterWords('{ or: [{ a: { gt: 1, lt: 3 } }, { not: { b: { isNull: false } } }] }')).toBe(
    '(a is greater than 1 and a is less than 3 or not (b is not null))',
  );
  expect(filterWords('{ project: { _can: READ } }')).toBe('the caller can read project');
  expect(filterWords('{ board: { members: { none: { boardId: { eq: "$row.boardId" } } } } }')).toBe(
    'none of its board.members (boardId is the row’s boardId)',
  );
  expect(filterWords('{ name: { eq: "$$5", mode: INSENSITIVE } }')).toBe('name is "$5"');
});

it('keeps the text of a filter that cannot be read', () => {
  expect(filterWords('{ a: ')).toBe('{ a:');
});
