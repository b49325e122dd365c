import { describe, expect, it } from 'vitest';
import {
  accessStepsBetween as accessOf,
  planBetween as plan,
  postSdl as sdl,
} from '../../../../test/engine/access-plans.ts';

describe('steps about fields', () => {
  const all = '@allow(to: [READ, CREATE, UPDATE], as: PUBLIC)';
  it.each<[string, string, readonly string[]]>([
    [
      '',
      'f: Int',
      [
        'Post.f +Callers who can read, create and update rows of `Post` can now read, set and change `f`.',
      ],
    ],
    ['f: Int', '', []],
    ['', 'f: Int @private', []],
    [
      '',
      'f: Int @allow(to: READ)',
      ['Post.f +Signed-in users can now read `f` in any row of `Post`.'],
    ],
    [
      'f: Int @private',
      'f: Int',
      [
        'Post.f +Callers who can read, create and update rows of `Post` can now read, set and change `f`.',
      ],
    ],
    [
      'f: Int',
      'f: Int @private',
      ['Post.f -End users can no longer read, set and change `f` in rows of `Post`.'],
    ],
    [
      'f: Int @preset(value: 1)',
      'f: Int',
      ['Post.f +Callers who can create and update rows of `Post` can now set and change `f`.'],
    ],
    [
      'f: Int',
      'f: Int @preset(value: 1)',
      [
        'Post.f -End users can no longer set and change `f` in rows of `Post`.',
        'Post.f -When a row is created, `f` is set to `1`. End users cannot write it.',
      ],
    ],
    [
      'f: Int @preset(value: 1)',
      'f: Int @preset(value: 2)',
      ['Post.f +When a row is created, `f` is set to `2`. End users cannot write it.'],
    ],
    ['f: Int @preset(value: 1)', 'f: Int @preset(value: 1, on: [CREATE])', []],
    [
      'f: Int',
      'f: Int @allow(to: READ, as: PUBLIC, where: { n: { eq: 1 } })',
      [
        'Post.f -Everyone can still read `f` in rows of `Post` where `n` equals `1`.',
        'Post.f -End users can no longer set and change `f` in rows of `Post`.',
      ],
    ],
    [
      'f: Int @allow(to: [READ, CREATE, UPDATE], as: PUBLIC, where: { n: { eq: 1 } })',
      'f: Int',
      [
        'Post.f +Callers who can read, create and update rows of `Post` can now read, set and change `f`.',
      ],
    ],
    [
      'f: Int @allow(to: READ, where: { n: { eq: 1 } })',
      'f: Int @allow(to: READ, where: { n: { eq: 1 } }) @allow(to: READ, where: { n: { eq: 2 } })',
      ['Post.f +Signed-in users can now read `f` in rows of `Post` where `n` equals `2`.'],
    ],
    [
      'f: Int @allow(to: READ, where: { n: { eq: 1 } }) @allow(to: READ, where: { n: { eq: 2 } })',
      'f: Int @allow(to: READ, where: { n: { eq: 1 } })',
      ['Post.f -Signed-in users can no longer read `f` in rows of `Post` where `n` equals `2`.'],
    ],
    [
      'f: Int @allow(to: READ, as: PUBLIC)',
      'f: Int @allow(to: READ, as: USER)',
      ['Post.f -Signed-out callers and guests can no longer read `f` in rows of `Post`.'],
    ],
  ])('%s → %s', (current, next, steps) => {
    expect(accessOf(sdl(all, current), sdl(all, next))).toEqual(steps);
  });

  it('exist if a rule that guarded the field is gone', () => {
    const user = (fields: string) => (text: string) =>
      text.replace(
        '@user { id: ID! @id team: ID',
        `@user @allow(to: [READ, UPDATE]) { id: ID! @id ${fields}`,
      );
    const guarded = sdl('@allow(to: READ, where: { authorId: { eq: "$user.team" } })');
    const free = sdl('@allow(to: READ, where: { authorId: { eq: "$user.id" } })');
    const written = 'User.team +Callers who can update rows of `User` can now change `team`.';
    expect(accessOf(user('team: ID')(guarded), user('team: ID')(free))).toContain(written);
    expect(
      accessOf(user('team: ID')(guarded), user('team: ID @allow(to: [READ, UPDATE])')(guarded)),
    ).toEqual(['User.team +Signed-in users can now change `team` in any row of `User`.']);
  });

  it('exist for @signUp', () => {
    const of = (directive: string) =>
      sdl(all).replace('team: ID', `team: ID nick: String ${directive}`);
    expect(accessOf(of(''), of('@signUp'))).toEqual([
      'User.nick +New users can set `nick` when they create their row in `User`.',
    ]);
    expect(accessOf(of('@signUp'), of(''))).toEqual([
      'User.nick -This no longer applies: New users can set `nick` when they create their row in `User`.',
    ]);
  });
});

describe('the queries for public rows', () => {
  const queriesOf = (current: string, next: string, fields = '') =>
    plan(sdl(current), sdl(next, fields))
      .steps.filter(({ kind }) => kind === 'ACCESS')
      .map(({ publicRows }) => publicRows);

  it('count the rows with the rules before and after', () => {
    const where = '{ n: { in: [1, 2] } }';
    expect(queriesOf('', `@allow(to: READ, as: PUBLIC, where: ${where})`)).toEqual([
      {
        before: 'SELECT FROM "p_0123456789abcdef"."post" AS "t1" WHERE FALSE',
        after: `SELECT FROM "p_0123456789abcdef"."post" AS "t1" WHERE "t1"."n" = ANY ('{"1","2"}'::integer[])`,
      },
    ]);
  });

  it('do not exist for other audiences and operations', () => {
    expect(queriesOf('', '@allow(to: READ, as: GUEST)')).toEqual([null]);
    expect(queriesOf('', '@allow(to: CREATE, as: PUBLIC)')).toEqual([null]);
  });

  it('do not exist for rules that are too large for a statement', () => {
    const relation = '{ author: { posts: { some: { n: { eq: 1 } } } } }';
    const rule = `@allow(to: READ, as: PUBLIC, where: { or: [${Array(120).fill(relation).join()}] })`;
    expect(queriesOf('', rule)[0]?.after).toContain('SELECT FROM');
    expect(queriesOf('', Array(20).fill(rule).join(' '))[0]?.after).toBeNull();
  });

  it('count only the rows before if the plan also changes tables', () => {
    expect(queriesOf('', '@allow(to: READ, as: PUBLIC)', 'more: Int')).toEqual([
      { before: 'SELECT FROM "p_0123456789abcdef"."post" AS "t1" WHERE FALSE', after: null },
    ]);
  });
});
