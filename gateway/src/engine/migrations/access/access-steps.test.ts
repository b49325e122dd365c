import { describe, expect, it } from 'vitest';
import {
  accessStepsBetween as accessOf,
  planBetween as plan,
  postSdl as sdl,
} from '../../../../test/engine/access-plans.ts';

const own = '{ authorId: { eq: "$user.id" } }';

describe('steps about rules of a type', () => {
  it.each<[string, string, readonly string[]]>([
    // The first rules.
    ['', '@allow(to: READ)', ['Post +Signed-in users can now read any row of `Post`.']],
    [
      '',
      `@allow(to: [CREATE, READ], as: PUBLIC, where: { n: { eq: 1 } })`,
      ['Post +Everyone can now read and create rows of `Post` where `n` equals `1`.'],
    ],
    // The same rules, in another order or form.
    ['@allow(to: READ) @allow(to: CREATE)', '@allow(to: CREATE) @allow(to: READ)', []],
    ['@allow(to: [READ, CREATE])', '@allow(to: CREATE) @allow(to: READ)', []],
    [
      '@allow(to: READ, where: { n: { eq: 1 }, locked: { eq: true } })',
      '@allow(to: READ, where: { and: [{ locked: { eq: true } }, { n: { eq: 1 } }] })',
      [],
    ],
    // Alternatives.
    [
      '@allow(to: READ)',
      '@allow(to: READ) @allow(to: READ, where: { n: { eq: 1 } })',
      ['Post -Signed-in users can still read rows of `Post` where `n` equals `1`.'],
    ],
    [
      `@allow(to: READ, where: ${own})`,
      `@allow(to: READ, where: ${own}) @allow(to: READ, where: { n: { eq: 1 } })`,
      ['Post +Signed-in users can now read rows of `Post` where `n` equals `1`.'],
    ],
    [
      `@allow(to: READ, where: ${own}) @allow(to: READ, where: { n: { eq: 1 } })`,
      `@allow(to: READ, where: ${own})`,
      ['Post -Signed-in users can no longer read rows of `Post` where `n` equals `1`.'],
    ],
    ['@allow(to: READ)', '', ['Post -Signed-in users can no longer read any row of `Post`.']],
    // Operations and audiences.
    [
      '@allow(to: READ)',
      '@allow(to: [READ, DELETE])',
      ['Post +Signed-in users can now delete any row of `Post`.'],
    ],
    [
      '@allow(to: READ)',
      '@allow(to: READ, as: PUBLIC)',
      ['Post +Everyone can now read any row of `Post`.'],
    ],
    [
      '@allow(to: READ, as: PUBLIC)',
      '@allow(to: READ, as: USER)',
      ['Post -Signed-out callers and guests can no longer read any row of `Post`.'],
    ],
    [
      '@allow(to: READ, as: GUEST)',
      '@allow(to: READ, as: USER)',
      ['Post -Guests can no longer read any row of `Post`.'],
    ],
    // Conditions.
    [
      `@allow(to: READ, where: ${own})`,
      '@allow(to: READ, where: { authorId: { eq: "$user.id" }, n: { eq: 1 } })',
      [
        'Post -Signed-in users can still read rows of `Post` where `authorId` equals their `id` and `n` equals `1`.',
        'Post -Signed-in users can no longer read rows of `Post` where `authorId` equals their `id`.',
      ],
    ],
    [
      '@allow(to: READ, where: { authorId: { eq: "$user.id" }, n: { eq: 1 } })',
      `@allow(to: READ, where: ${own})`,
      ['Post +Signed-in users can now read rows of `Post` where `authorId` equals their `id`.'],
    ],
    [
      '@allow(to: READ, where: { n: { eq: 1 } })',
      '@allow(to: READ, where: { n: { eq: 2 } })',
      [
        'Post +Signed-in users can now read rows of `Post` where `n` equals `2`.',
        'Post -Signed-in users can no longer read rows of `Post` where `n` equals `1`.',
      ],
    ],
    [
      '@allow(to: READ, where: { or: [{ n: { eq: 1 } }, { n: { eq: 2 } }] })',
      '@allow(to: READ, where: { n: { eq: 1 } })',
      [
        'Post -Signed-in users can still read rows of `Post` where `n` equals `1`.',
        'Post -Signed-in users can no longer read rows of `Post` where `n` equals `1` or `n` equals `2`.',
      ],
    ],
    [
      '@allow(to: READ, where: { n: { eq: 1 } })',
      '@allow(to: READ, where: { or: [{ n: { eq: 1 }, locked: { eq: true } }, { n: { eq: 1 }, locked: { eq: false } }] })',
      [
        'Post -Signed-in users can still read rows of `Post` where (`n` equals `1` and `locked` equals `true`) or (`n` equals `1` and `locked` equals `false`).',
        'Post -Signed-in users can no longer read rows of `Post` where `n` equals `1`.',
      ],
    ],
    [
      '@allow(to: READ, where: { n: { eq: 1 } })',
      '@allow(to: READ, where: { or: [{ n: { eq: 1 } }, { n: { eq: 2 } }] })',
      ['Post +Signed-in users can now read rows of `Post` where `n` equals `1` or `n` equals `2`.'],
    ],
    // A reference that is missing under `not` makes the whole rule false, so that no alternative is enough.
    [
      '@allow(to: READ, where: { or: [{ n: { eq: 1 } }, { not: { authorId: { eq: "$user.id" } } }] })',
      '@allow(to: READ, where: { n: { eq: 1 } })',
      [
        'Post +Signed-in users can now read rows of `Post` where `n` equals `1`.',
        'Post -Signed-in users can no longer read rows of `Post` where `n` equals `1` or not (`authorId` equals their `id`).',
      ],
    ],
    [
      '@allow(to: READ, claims: { level: { gt: 1 } })',
      '@allow(to: READ)',
      ['Post +Signed-in users can now read any row of `Post`.'],
    ],
    [
      '@allow(to: READ)',
      '@allow(to: READ, user: {})',
      [
        'Post -Signed-in users can still read any row of `Post`, if their row in `User` exists.',
        'Post -Signed-in users can no longer read any row of `Post`.',
      ],
    ],
    [
      '@allow(to: [READ, UPDATE], where: { n: { eq: 1 } })',
      '@allow(to: [READ, UPDATE], where: { n: { eq: 1 } }, check: {})',
      [
        'Post +Signed-in users can now update rows of `Post` where `n` equals `1`. The updated row can have any values.',
      ],
    ],
    [
      '@allow(to: [READ, UPDATE], where: { n: { eq: 1 } }, check: {})',
      '@allow(to: [READ, UPDATE], where: { n: { eq: 1 } }, check: { locked: { eq: true } })',
      [
        'Post -Signed-in users can still update rows of `Post` where `n` equals `1`. The updated row must be one where `locked` equals `true`.',
        'Post -Signed-in users can no longer update rows of `Post` where `n` equals `1`. The updated row can have any values.',
      ],
    ],
    // Requirements.
    [
      '@allow(to: READ)',
      '@allow(to: READ) @require(to: READ, where: { n: { eq: 1 } })',
      ['Post -Rows of `Post` can be read only where `n` equals `1`.'],
    ],
    [
      '@allow(to: READ) @require(to: READ, where: { n: { eq: 1 } })',
      '@allow(to: READ)',
      ['Post +This rule no longer applies: Rows of `Post` can be read only where `n` equals `1`.'],
    ],
    [
      '@allow(to: READ, where: { n: { eq: 1 } }) @require(to: READ, where: { n: { eq: 1 } })',
      '@allow(to: READ, where: { n: { eq: 1 } })',
      ['Post -This rule no longer applies: Rows of `Post` can be read only where `n` equals `1`.'],
    ],
    [
      '@allow(to: READ) @require(to: READ, where: { n: { eq: 1 } })',
      '@allow(to: READ) @require(to: READ, where: { n: { eq: 2 } })',
      [
        'Post -Rows of `Post` can be read only where `n` equals `2`.',
        'Post +This rule no longer applies: Rows of `Post` can be read only where `n` equals `1`.',
      ],
    ],
    [
      '@allow(to: READ, as: PUBLIC) @require(to: READ, user: {})',
      '@allow(to: READ, as: PUBLIC)',
      [
        'Post +Everyone can now read any row of `Post`.',
        "Post +This rule no longer applies: Rows of `Post` can be read only if the caller's row in `User` exists.",
      ],
    ],
    // LINK is decided by READ unless there are rules for it.
    [
      '@allow(to: READ)',
      '@allow(to: READ) @allow(to: LINK, where: { n: { eq: 1 } })',
      ['Post +Signed-in users can now link to rows of `Post` where `n` equals `1`.'],
    ],
    [
      '@allow(to: READ) @allow(to: LINK, where: { n: { eq: 1 } })',
      '@allow(to: READ)',
      ['Post +Signed-in users can now link to any row of `Post`.'],
    ],
  ])('%s → %s', (current, next, steps) => {
    expect(accessOf(sdl(current), sdl(next))).toEqual(steps);
  });

  it('exist for a new project and for a new type', () => {
    expect(accessOf(null, 'type A @model { id: ID! @id }')).toEqual([]);
    expect(
      accessOf(null, 'type A @model @allow(to: READ) { id: ID! @id f: Int @private }'),
    ).toEqual(['A +Signed-in users can now read any row of `A`.']);
    const type = 'type New @model @allow(to: READ, as: PUBLIC) { id: ID! @id }';
    expect(accessOf(sdl(''), sdl('', '', type))).toEqual([
      'New +Everyone can now read any row of `New`.',
    ]);
    expect(accessOf(sdl('', '', type), sdl(''))).toEqual([]);
  });

  it('do not exist for types and fields that are only renamed', () => {
    const before = sdl(
      `@allow(to: READ, where: { authorId: { eq: "$user.team" }, author: { tags: { some: { name: { eq: "x" } } } } })`,
      'title: String @allow(to: READ, where: { n: { eq: 1 } })',
    );
    const after = before
      .replace('type Post', 'type Article @rename(from: "Post")')
      .replace('@model @allow(to: READ, where: {', '@model @allow(to: READ, where: {')
      .replaceAll('Post', 'Article')
      .replace('from: "Article"', 'from: "Post"')
      .replace('team: ID', 'group: ID @rename(from: "team")')
      .replace('$user.team', '$user.group')
      .replace('author: User', 'writer: User @rename(from: "author")')
      .replace('authorId', 'writerId')
      .replace('author: { tags', 'writer: { labels')
      .replace('tags: [Tag', 'labels: [Tag')
      .replace('title: String', 'name: String @rename(from: "title")');
    expect(accessOf(before, after)).toEqual([]);
  });

  it('exist if another type is the @user model', () => {
    const rules = `@allow(to: READ, where: { n: { eq: 1 }, authorId: { eq: "$user.id" } })`;
    const before = sdl(rules);
    const after = before
      .replace('User @model @user', 'User @model')
      .replace('Tag @model', 'Tag @model @user');
    expect(accessOf(before, after)).toEqual([
      'Tag +The end users are now the rows of `Tag`. Signed-in users without a row can create their own.',
      'Post +Signed-in users can now read rows of `Post` where `n` equals `1` and `authorId` equals their `id`.',
      'Post -Signed-in users can no longer read rows of `Post` where `n` equals `1` and `authorId` equals their `id`.',
    ]);
  });

  it('exist if a negated rule of another type changes', () => {
    const of = (rules: string) =>
      sdl(
        '@allow(to: READ, where: { box: { not: { _can: READ } } })',
        'box: Box',
        `type Box @model @allow(to: READ${rules}) { id: ID! @id n: Int posts: [Post!]! }`,
      );
    expect(
      accessOf(of(''), of(', where: { n: { eq: 1 } }')).filter((step) => step.startsWith('Post +')),
    ).toEqual([
      'Post +Signed-in users can now read rows of `Post` where not (they can read `box`).',
    ]);
  });

  it('have no SQL, and are the last steps', () => {
    const { steps } = plan(sdl(''), sdl('@allow(to: READ, as: PUBLIC)', 'more: Int'));
    expect(steps.map(({ kind, sql }) => `${kind} ${sql.length}`)).toEqual([
      'ADD_COLUMN 1',
      'ACCESS 0',
    ]);
  });

  it('make a plan with the rules in its hash', () => {
    const [one, two] = ['{ n: { eq: 1 } }', '{ n: { eq: 2 } }'].map((where) =>
      plan(sdl(''), sdl(`@allow(to: READ, where: ${where})`)),
    );
    expect(one?.target).not.toBe(two?.target);
    expect(one?.hash).not.toBe(two?.hash);
  });
});
