import { describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/engine/api/build-api.ts';
import { everything } from '../../../src/engine/api/access.ts';
import type { Subject } from '../../../src/engine/rules/subject.ts';
import type { AccessOperation } from '../../../src/engine/sdl/access-model.ts';
import { readModel } from '../../engine/project.ts';
import type { Row } from '../row.ts';
import { Store } from '../store.ts';
import { asText } from '../values.ts';
import { RuleWorld } from './rule-world.ts';

/** The ids of rows: `1` is `00000000-0000-4000-8000-000000000001`. */
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

const users: readonly Row[] = [
  { id: id(1), name: 'ann', email: 'ann@example.com', teamId: id(7) },
  { id: id(2), name: null, email: 'bob@example.com', teamId: null },
];
const posts: readonly Row[] = [
  {
    id: id(11),
    title: 'a',
    n: 1,
    at: '1999-12-31T00:00:00+00:00',
    authorId: id(1),
    parentId: null,
  },
  {
    id: id(12),
    title: 'b',
    n: null,
    at: '2999-12-31T00:00:00+00:00',
    authorId: id(2),
    parentId: id(11),
  },
  { id: id(13), title: 'c', n: 3, at: null, authorId: id(1), parentId: id(11) },
];

const signedOut: Subject = { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null };
const ann: Subject = { ...signedOut, audience: 'USER', user: { field: 'id', value: id(1) } };
const bob: Subject = { ...ann, user: { field: 'email', value: 'bob@example.com' } };
const guest: Subject = { ...signedOut, audience: 'GUEST' };

function worldOf(rules: string, subject: Subject, fields = ''): RuleWorld {
  const model = readModel(`
    enum Role { READER EDITOR }
    type Claims @claims { role: Role  level: Int  names: [String!]  team: ID }
    type User @model @user @allow(to: READ, where: { name: { isNull: false } }) {
      id: ID! @id  name: String  email: String! @unique  team: Team  posts: [Post!]!
    }
    type Team @model { id: ID! @id  name: String  users: [User!]! }
    type Post @model ${rules} {
      id: ID! @id  title: String ${fields} n: Int  at: DateTime
      author: User!  parent: Post  answers: [Post!]!
    }`);
  const api = buildApi(model, everything);
  const rows = { User: users, Team: [{ id: id(7), name: 'x' }], Post: posts };
  return new RuleWorld(api, new Store(api.index, { rows, pairs: {} }), subject);
}

/** The numbers of the posts for which an operation is permitted. */
function permitted(
  rules: string,
  subject: Subject = ann,
  operation: AccessOperation = 'READ',
): readonly number[] {
  const world = worldOf(rules, subject);
  const type = readType(world);
  return posts
    .filter((row) => world.permits(operation, { type, row }))
    .map((row) => Number(asText(row['id'] ?? '').slice(-2)));
}

function readType(world: RuleWorld) {
  return world.visible().index.type('Post');
}

const read = (where: string) => permitted(`@allow(to: READ, where: ${where})`);

describe('the evaluator of rules', () => {
  it.each([
    ['PUBLIC', signedOut, [11, 12, 13]],
    ['GUEST', signedOut, []],
    ['GUEST', guest, [11, 12, 13]],
    ['USER', guest, []],
    ['USER', ann, [11, 12, 13]],
  ])('permits %s', (as, subject, expected) => {
    expect(permitted(`@allow(to: READ, as: ${as})`, subject)).toEqual(expected);
  });

  it('permits nothing without rules, and nothing but the operations of a rule', () => {
    expect(permitted('')).toEqual([]);
    expect(permitted('@allow(to: READ)', ann, 'UPDATE')).toEqual([]);
    expect(permitted('@allow(to: UPDATE)', ann, 'UPDATE')).toEqual([]);
    expect(permitted('@allow(to: [READ, DELETE])', ann, 'DELETE')).toEqual([11, 12, 13]);
    expect(permitted('@allow(to: CREATE)', ann, 'CREATE')).toEqual([11, 12, 13]);
  });

  it('decides LINK by READ, unless there are rules for LINK', () => {
    expect(permitted('@allow(to: READ)', ann, 'LINK')).toEqual([11, 12, 13]);
    expect(
      permitted('@allow(to: READ) @allow(to: LINK, where: { n: { eq: 3 } })', ann, 'LINK'),
    ).toEqual([13]);
  });

  it('takes rules as alternatives, and all requirements', () => {
    const two =
      '@allow(to: READ, where: { n: { eq: 1 } }) @allow(to: READ, where: { n: { eq: 3 } })';
    expect(permitted(two)).toEqual([11, 13]);
    expect(permitted(`${two} @require(to: READ, where: { title: { neq: "a" } })`)).toEqual([13]);
  });

  it('compares with the row of the caller', () => {
    expect(read('{ authorId: { eq: "$user.id" } }')).toEqual([11, 13]);
    const own = '@allow(to: READ, where: { author: { id: { neq: "$user.id" } } })';
    expect(permitted(own)).toEqual([12]);
    expect(permitted(own, bob)).toEqual([11, 13]);
    expect(permitted(own, guest)).toEqual([]);
    expect(permitted(own, { ...ann, user: { field: 'id', value: 'nobody' } })).toEqual([]);
    expect(permitted(own, { ...ann, user: { field: 'name', value: 'ann' } })).toEqual([]);
  });

  it('holds no rule with a missing reference under not, none or every', () => {
    const named = '{ title: { eq: "$user.name" } }';
    expect(permitted(`@allow(to: READ, where: { not: ${named} })`, ann)).toEqual([11, 12, 13]);
    expect(permitted(`@allow(to: READ, where: { not: ${named} })`, bob)).toEqual([]);
    expect(
      permitted(`@allow(to: READ, where: { or: [{ n: { eq: 1 } }, { not: ${named} }] })`, bob),
    ).toEqual([]);
    expect(permitted(`@allow(to: READ, where: { answers: { none: ${named} } })`, bob)).toEqual([]);
    expect(permitted(`@allow(to: READ, where: { answers: { every: ${named} } })`, bob)).toEqual([]);
    expect(permitted(`@allow(to: READ, where: { answers: { every: ${named} } })`)).toEqual([
      12, 13,
    ]);
  });

  it('compares with the row of the rule', () => {
    expect(read('{ parent: { authorId: { eq: "$row.authorId" } } }')).toEqual([13]);
    // Row 12 has no value to compare with.
    expect(read('{ answers: { none: { n: { gt: "$row.n" } } } }')).toEqual([13]);
  });

  it('compares with the time', () => {
    expect(read('{ at: { lte: "$now" } }')).toEqual([11]);
    expect(read('{ not: { at: { lte: "$now" } } }')).toEqual([12, 13]);
  });

  it('reads the address of the caller only if it is verified', () => {
    const rules = '@allow(to: READ, where: { author: { email: { eq: "$user.email" } } })';
    const user = '@allow(to: READ, user: { email: { endsWith: "@example.com" } })';
    expect(permitted(rules)).toEqual([]);
    expect(permitted(user)).toEqual([]);
    expect(permitted(rules, { ...ann, verifiedEmail: 'bob@example.com' })).toEqual([]);
    expect(permitted(rules, { ...ann, verifiedEmail: 'ann@example.com' })).toEqual([11, 13]);
    expect(permitted(user, { ...ann, verifiedEmail: 'ann@example.com' })).toEqual([11, 12, 13]);
  });

  it.each([
    [{ level: 3 }, [13]],
    [{ level: '3' }, []],
    [{ level: null }, []],
    [{ level: 3.5 }, []],
    [{}, []],
  ])('compares with the claims %j', (claims, expected) => {
    expect(
      permitted('@allow(to: READ, where: { n: { eq: "$claims.level" } })', { ...ann, claims }),
    ).toEqual(expected);
  });

  it('compares with lists of claims', () => {
    const rules = '@allow(to: READ, where: { title: { in: "$claims.names" } })';
    expect(permitted(rules, { ...ann, claims: { names: ['a', 'c'] } })).toEqual([11, 13]);
    expect(permitted(rules, { ...ann, claims: { names: ['a', 1] } })).toEqual([]);
    expect(permitted(rules, { ...ann, claims: { names: 'a' } })).toEqual([]);
    expect(permitted(rules.replace('in:', 'notIn:'), ann)).toEqual([]);
  });

  it.each([
    ['{ role: { eq: EDITOR } }', { role: 'EDITOR' }, true],
    ['{ role: { eq: EDITOR } }', { role: 'editor' }, false],
    ['{ not: { role: { eq: EDITOR } } }', { role: 'READER' }, true],
    ['{ not: { role: { eq: EDITOR } } }', {}, false],
    ['{ not: { role: { eq: EDITOR } } }', { role: 'OWNER' }, false],
    ['{ or: [{ role: { isNull: true } }, { level: { gt: 1 } }] }', {}, true],
    ['{ or: [{ level: { lt: 1 } }, { level: { gt: 1 } }] }', { level: 1 }, false],
    ['{ names: { hasSome: ["a"] } }', { names: ['b', 'a'] }, true],
    ['{ names: { isEmpty: true } }', {}, false],
  ])('decides the condition %s', (condition, claims, holds) => {
    const found = permitted(`@allow(to: READ, claims: ${condition})`, { ...ann, claims });
    expect(found).toEqual(holds ? [11, 12, 13] : []);
  });

  it('reuses the rules of another type', () => {
    expect(read('{ author: { _can: READ } }')).toEqual([11, 13]);
    expect(read('{ parent: { author: { not: { _can: READ } } } }')).toEqual([]);
    expect(read('{ author: { not: { _can: READ } } }')).toEqual([12]);
  });

  it('filters the row of the caller, and rows related to it', () => {
    expect(permitted('@allow(to: READ, user: { name: { eq: "ann" } })')).toEqual([11, 12, 13]);
    expect(permitted('@allow(to: READ, user: { name: { eq: "ann" } })', bob)).toEqual([]);
    expect(permitted('@allow(to: READ, user: {})', guest)).toEqual([]);
    expect(
      permitted('@allow(to: READ, user: { posts: { some: { id: { eq: "$row.parentId" } } } })'),
    ).toEqual([12, 13]);
  });

  it('hides rows, values and private fields', () => {
    const world = worldOf(
      '@allow(to: READ, where: { n: { isNull: false } })',
      ann,
      '@allow(to: READ, where: { n: { gt: 1 } })',
    );
    expect(world.visible().all('Post')).toEqual([{ ...posts[0], title: null }, posts[2]]);
    expect(world.visible().all('User')).toEqual([users[0]]);
    expect(world.visible().all('Team')).toEqual([]);
    expect(
      worldOf('@allow(to: READ)', ann, '@private').mayReadField(readType(world), 'title'),
    ).toBe(false);
  });

  it('permits changes by one and the same rule before and after', () => {
    const change = (rules: string, n: number, fields = ['n']) => {
      const world = worldOf(`@allow(to: READ) ${rules}`, ann, '@allow(to: [READ])');
      const type = readType(world);
      const [row = {}] = posts;
      const after = { type, row: { ...row, n }, world };
      return world.permitsChange({ type, row }, after, fields);
    };
    const one = '@allow(to: UPDATE, where: { n: { eq: 1 } }, check: { n: { eq: 2 } })';
    const three = '@allow(to: UPDATE, where: { n: { eq: 5 } }, check: {})';
    expect(change(one, 2)).toBe(true);
    expect(change(one, 3)).toBe(false);
    expect(change(`${one} ${three}`, 3)).toBe(false);
    expect(change('@allow(to: UPDATE, where: { n: { eq: 1 } })', 2)).toBe(false);
    expect(change(`${one} @require(to: UPDATE, where: { n: { eq: 1 } })`, 2)).toBe(false);
    expect(change(`${one} @require(to: UPDATE, where: { n: { eq: 1 } }, check: {})`, 2)).toBe(true);
    expect(change(one, 2, ['title'])).toBe(false);
  });
});
