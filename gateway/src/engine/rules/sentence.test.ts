import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { linesOf } from '../sdl/definition-lines.ts';
import { effectiveRights, type DescribedRule } from './effective-rights.ts';

const sdl = (rules: string, fields = '') => `
type User @model @user { id: ID! @id team: Team name: String birthday: Date posts: [Post!]! @relation(name: "posts") }
type Team @model @allow(to: READ, user: { name: { isNull: false } }) { id: ID! @id name: String users: [User!]! posts: [Post!]! }
type Claims @claims { level: Int role: Role orgs: [ID!] email: String }
enum Role { READER EDITOR ADMIN }
type Post @model ${rules} {
  id: ID! @id n: Int title: String at: DateTime day: Date tags: [String!]! role: Role data: JSON locked: Boolean
  author: User @relation(name: "posts") team: Team replies: [Post!]! @relation(name: "tree") parent: Post @relation(name: "tree") ${fields}
}`;

/** The rules of `Post` and of its fields. */
function rulesOf(rules: string, fields = ''): readonly DescribedRule[] {
  const text = sdl(rules, fields);
  const { models } = effectiveRights(readModel(text), linesOf(text));
  const post = models.find(({ model }) => model === 'Post');
  return [...(post?.rules ?? []), ...(post?.fields.flatMap((field) => field.rules) ?? [])];
}

const sentences = (rules: string, fields = '') =>
  rulesOf(rules, fields).map(({ sentence }) => sentence);

/** The conditions in the sentence of a rule. */
function whereOf(where: string): string {
  const [sentence = ''] = sentences(`@allow(to: READ, where: ${where})`);
  return /^Signed-in users can read rows where (.*)\.$/s.exec(sentence)?.[1] ?? sentence;
}

describe('the sentence of an @allow', () => {
  it.each([
    ['@allow(to: READ)', 'Signed-in users can read any row.'],
    ['@allow(to: READ, as: GUEST)', 'Guests and signed-in users can read any row.'],
    ['@allow(to: READ, as: PUBLIC)', 'Everyone can read any row.'],
    [
      '@allow(to: [CREATE, READ, UPDATE, DELETE, LINK])',
      'Signed-in users can create, read, update, delete and link to any row.',
    ],
    [
      '@allow(to: [READ, LINK], where: { authorId: { eq: "$user.id" } })',
      'Signed-in users can read and link to rows where `authorId` equals their `id`.',
    ],
    [
      '@allow(to: READ, claims: { role: { in: [EDITOR, ADMIN] } })',
      'Signed-in users can read any row, if the claim `role` is one of `EDITOR`, `ADMIN`.',
    ],
    [
      '@allow(to: READ, claims: { or: [{ level: { gte: 2 } }, { not: { role: { eq: READER } } }] })',
      'Signed-in users can read any row, if the claim `level` is at least `2` or not (the claim `role` equals `READER`).',
    ],
    [
      '@allow(to: READ, where: { locked: { eq: false } }, claims: { level: { gt: 1 } }, user: { team: { name: { eq: "x" } } })',
      'Signed-in users can read rows where `locked` equals `false`, if the claim `level` is greater than `1`, and if their `team.name` equals `"x"`.',
    ],
    [
      '@allow(to: READ, user: {})',
      'Signed-in users can read any row, if their row in `User` exists.',
    ],
    [
      '@allow(to: READ, user: { team: { posts: { some: { id: { eq: "$row.parentId" } } } } })',
      "Signed-in users can read any row, if their `team.posts` has a row where `id` equals the row's own `parentId`.",
    ],
    [
      '@allow(to: UPDATE, where: { n: { eq: 1 } }, check: { n: { gt: 1 }, locked: { eq: true } })',
      'Signed-in users can update rows where `n` equals `1`. The updated row must be one where `n` is greater than `1` and `locked` equals `true`.',
    ],
    [
      '@allow(to: UPDATE, where: { n: { eq: 1 } }, check: {})',
      'Signed-in users can update rows where `n` equals `1`. The updated row can have any values.',
    ],
  ])('%s', (rule, sentence) => {
    expect(sentences(rule)[0]).toBe(sentence);
  });
});

it.each([
  [
    '@require(to: [UPDATE, DELETE], where: { locked: { eq: false } })',
    'Rows can be updated and deleted only where `locked` equals `false`.',
  ],
  [
    '@require(to: [READ, CREATE, LINK], claims: { level: { eq: 1 } })',
    'Rows can be read, created and linked to only if the claim `level` equals `1`.',
  ],
  [
    '@require(to: UPDATE, where: { authorId: { eq: "$user.id" } }, check: {}, user: { name: { eq: "x" } })',
    'Rows can be updated only where `authorId` equals the caller\'s `id`, if the caller\'s `name` equals `"x"`. The updated row can have any values.',
  ],
])('the sentence of %s', (rule, sentence) => {
  const allow = '@allow(to: [CREATE, READ, UPDATE, DELETE, LINK])';
  expect(sentences(`${allow} ${rule}`)[1]).toBe(sentence);
});

describe('the sentences of fields', () => {
  it.each([
    [
      'f: Int @allow(to: [READ, CREATE, UPDATE], where: { n: { eq: 1 } })',
      'Signed-in users can read, set and change `f` in rows where `n` equals `1`.',
    ],
    ['f: Int @allow(to: READ, as: PUBLIC)', 'Everyone can read `f` in any row.'],
    ['f: Int @private', 'End users can neither read nor write `f`.'],
    [
      'owner: User @relation(name: "o") @preset(value: "$user.id")',
      "When a row is created, `owner` is set to the caller's `id`. End users cannot write it.",
    ],
    [
      'f: Date @preset(value: "$now", on: [CREATE, UPDATE])',
      "When a row is created or updated, `f` is set to today's date. End users cannot write it.",
    ],
    [
      'f: Role @preset(value: "$claims.role", on: UPDATE)',
      'When a row is updated, `f` is set to the claim `role`. End users cannot write it.',
    ],
    [
      'f: String @preset(value: "$$5")',
      'When a row is created, `f` is set to `"$5"`. End users cannot write it.',
    ],
    [
      'f: [String!]! @preset(value: ["a", "b"])',
      'When a row is created, `f` is set to `"a"`, `"b"`. End users cannot write it.',
    ],
  ])('%s', (field, sentence) => {
    expect(sentences('@allow(to: [CREATE, READ, UPDATE])', field).at(-1)).toBe(sentence);
  });

  it('say why callers cannot write a field that rules read', () => {
    const text = sdl('@allow(to: READ, where: { title: { eq: "$user.name" } })').replace(
      '@user',
      '@user @allow(to: [READ, UPDATE])',
    );
    const { models } = effectiveRights(readModel(text), linesOf(text));
    expect(models[0]?.fields).toMatchObject([
      {
        field: 'name',
        line: 2,
        rules: [
          {
            kind: 'GUARDED',
            sentence:
              'End users cannot write `name`, because rules read it to decide what the caller can do.',
          },
        ],
      },
    ]);
  });
});

describe('the words of a filter', () => {
  it.each([
    ['{ n: { eq: 1 } }', '`n` equals `1`'],
    ['{ n: { neq: 1 } }', '`n` does not equal `1`'],
    ['{ n: { in: [1, 2, 3] } }', '`n` is one of `1`, `2`, `3`'],
    ['{ n: { in: [1, 2, 3, 4, 5, 6, 7] } }', '`n` is one of `1`, `2`, `3`, `4`, `5` and 2 more'],
    ['{ n: { in: [] } }', '`n` is one of an empty list'],
    ['{ n: { notIn: [1] } }', '`n` is none of `1`'],
    ['{ n: { isNull: true } }', '`n` is null'],
    ['{ n: { isNull: false } }', '`n` is not null'],
    ['{ n: { lt: 1 } }', '`n` is less than `1`'],
    ['{ n: { lte: 1 } }', '`n` is at most `1`'],
    ['{ n: { gt: 1 } }', '`n` is greater than `1`'],
    ['{ n: { gte: 1 } }', '`n` is at least `1`'],
    ['{ at: { lt: "$now" } }', '`at` is before the current time'],
    ['{ at: { lte: "$now" } }', '`at` is at or before the current time'],
    ['{ at: { gt: "2026-01-01T00:00:00Z" } }', '`at` is after `"2026-01-01T00:00:00Z"`'],
    ['{ day: { gte: "$now" } }', "`day` is at or after today's date"],
    ['{ title: { contains: "a" } }', '`title` contains `"a"`'],
    ['{ title: { startsWith: "$$a" } }', '`title` starts with `"$a"`'],
    ['{ title: { endsWith: "a`b" } }', '`title` ends with `"a\'b"`'],
    ['{ title: { like: "a%" } }', '`title` matches the pattern `"a%"`'],
    ['{ title: { ilike: "a%" } }', '`title` matches the pattern `"a%"` (ignoring case)'],
    ['{ title: { eq: "a", mode: INSENSITIVE } }', '`title` equals `"a"` (ignoring case)'],
    [`{ title: { eq: "${'x'.repeat(100)}" } }`, `\`title\` equals \`"${'x'.repeat(59)}…\``],
    ['{ data: { eq: { a: 1 } } }', '`data` equals `{a: 1}`'],
    [
      '{ data: { contains: { a: [1] }, hasKey: "a" } }',
      '`data` contains `{a: [1]}` and `data` has the key `"a"`',
    ],
    ['{ tags: { eq: ["a"] } }', '`tags` equals `"a"`'],
    ['{ tags: { has: "$user.name" } }', '`tags` contains their `name`'],
    ['{ tags: { hasSome: ["a", "b"] } }', '`tags` contains at least one of `"a"`, `"b"`'],
    ['{ tags: { hasEvery: ["a", "b"] } }', '`tags` contains all of `"a"`, `"b"`'],
    ['{ tags: { isEmpty: true } }', '`tags` is empty'],
    ['{ tags: { isEmpty: false } }', '`tags` is not empty'],
    ['{ authorId: { eq: "$user.id" } }', '`authorId` equals their `id`'],
    ['{ role: { eq: "$claims.role" } }', '`role` equals the claim `role`'],
    ['{ teamId: { in: "$claims.orgs" } }', '`teamId` is in the claim `orgs`'],
    ['{ teamId: { notIn: "$claims.orgs" } }', '`teamId` is not in the claim `orgs`'],
    ['{ author: { id: { eq: "$user.id" } } }', '`author.id` equals their `id`'],
    ['{ author: { team: { name: { eq: "x" } } } }', '`author.team.name` equals `"x"`'],
    ['{ author: {} }', '`author` exists'],
    ['{ not: { author: {} } }', 'not (`author` exists)'],
    ['{ team: { _can: READ } }', 'they can read `team`'],
    [
      '{ team: { users: { some: { _can: READ } } } }',
      '`team.users` has a row where they can read the row',
    ],
    ['{ replies: { some: {} } }', '`replies` has a row'],
    ['{ replies: { none: {} } }', '`replies` has no row'],
    ['{ replies: { every: { n: { eq: 1 } } } }', '`replies` has only rows where `n` equals `1`'],
    ['{ replies: { none: { n: { eq: 1 } } } }', '`replies` has no row where `n` equals `1`'],
    [
      '{ replies: { some: { n: { eq: 1 }, authorId: { eq: "$row.authorId" } } } }',
      "`replies` has a row where (`n` equals `1` and `authorId` equals the row's own `authorId`)",
    ],
    [
      '{ team: { users: { some: { id: { eq: "$user.id" } } } } }',
      '`team.users` has a row where `id` equals their `id`',
    ],
    [
      '{ n: { gt: 1, lt: 5 }, locked: { eq: false } }',
      '`n` is greater than `1`, `n` is less than `5` and `locked` equals `false`',
    ],
    [
      '{ or: [{ n: { eq: 1 } }, { n: { eq: 2 }, locked: { eq: true } }] }',
      '`n` equals `1` or (`n` equals `2` and `locked` equals `true`)',
    ],
    [
      '{ or: [{ n: { eq: 1 } }, { n: { eq: 2 } }], locked: { eq: true } }',
      '(`n` equals `1` or `n` equals `2`) and `locked` equals `true`',
    ],
    [
      '{ and: [{ n: { eq: 1 } }, { and: [{ n: { eq: 2 } }, { n: { eq: 3 } }] }] }',
      '`n` equals `1`, `n` equals `2` and `n` equals `3`',
    ],
    [
      '{ not: { n: { eq: 1 }, locked: { eq: true } } }',
      'not (`n` equals `1` and `locked` equals `true`)',
    ],
    ['{ or: [] }', 'no row matches'],
    ['{ not: {} }', 'no row matches'],
  ])('%s', (where, words) => {
    expect(whereOf(where)).toBe(words);
  });

  it.each(['{ and: [] }', '{ replies: { every: {} } }', '{ or: [{ n: { eq: 1 } }, {}] }'])(
    'are left out where they always hold: %s',
    (where) => {
      expect(whereOf(where)).toBe('Signed-in users can read any row.');
    },
  );
});
