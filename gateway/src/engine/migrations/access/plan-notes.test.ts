import { describe, expect, it } from 'vitest';
import { readModel } from '../../../../test/engine/project.ts';
import { planNotes } from './plan-notes.ts';

const none = readModel('type A @model { id: ID! @id }');

const sdl = (rules: string, fields = '') => `
type User @model @user { id: ID! @id team: ID posts: [Post!]! }
type Claims @claims { org: ID orgs: [ID!] }
type Post @model ${rules} { id: ID! @id teamId: ID name: String author: User tags: [Tag!]! tagIds: [ID!]! ${fields} }
type Tag @model { id: ID! @id teamId: ID posts: [Post!]! }`;

const directivesOf = (rules: string, fields = '') =>
  planNotes({ current: none, next: readModel(sdl(rules, fields)) }, []).map(
    ({ target, directive }) => `${target} ${directive ?? ''}`,
  );

describe('notes about indexes', () => {
  it.each<[string, readonly string[]]>([
    ['{ teamId: { eq: "$user.team" } }', ['Post @index(fields: ["teamId"])']],
    ['{ teamId: { in: "$claims.orgs" } }', ['Post @index(fields: ["teamId"])']],
    [
      '{ or: [{ teamId: { eq: "$claims.org" } }, { name: { eq: "x" } }] }',
      ['Post @index(fields: ["teamId"])'],
    ],
    ['{ tags: { some: { teamId: { eq: "$user.team" } } } }', ['Tag @index(fields: ["teamId"])']],
    ['{ author: { team: { eq: "$claims.org" } } }', ['User @index(fields: ["team"])']],
    // Foreign keys and keys have an index. Other conditions match many rows, or need another kind of index.
    ['{ authorId: { eq: "$user.id" } }', []],
    ['{ id: { eq: "$user.team" } }', []],
    ['{ name: { eq: "x" } }', []],
    ['{ teamId: { neq: "$user.team" } }', []],
    ['{ not: { teamId: { eq: "$user.team" } } }', []],
    ['{ tags: { none: { teamId: { eq: "$user.team" } } } }', []],
    ['{ tagIds: { has: "$user.team" } }', []],
  ])('%s', (where, directives) => {
    expect(directivesOf(`@allow(to: READ, where: ${where})`)).toEqual(directives);
  });

  it('do not exist for columns with which an index begins', () => {
    const where = '@allow(to: READ, where: { teamId: { eq: "$user.team" } })';
    expect(directivesOf(`${where} @index(fields: ["teamId", "name"])`)).toEqual([]);
    expect(directivesOf(`${where} @unique(fields: ["teamId", "name"])`)).toEqual([]);
    expect(directivesOf(`${where} @index(fields: ["name", "teamId"])`)).toHaveLength(1);
  });

  it('exist once for a column, and only if the current schema has not the same', () => {
    const rule = '@allow(to: READ, where: { teamId: { eq: "$user.team" } })';
    const model = readModel(
      sdl(`${rule} @allow(to: CREATE, where: { teamId: { eq: "$claims.org" } })`),
    );
    expect(planNotes({ current: none, next: model }, [])).toEqual([
      {
        kind: 'INDEX',
        target: 'Post',
        summary:
          'Access rules look for rows of `Post` by `teamId`, which has no index. Add `@index(fields: ["teamId"])` to `Post`.',
        directive: '@index(fields: ["teamId"])',
      },
    ]);
    expect(planNotes({ current: model, next: model }, [])).toEqual([]);
  });
});

describe('notes about cascades', () => {
  const of = (board: string, list: string, card: string) => `
    type Board @model ${board} { id: ID! @id lists: [List!]! }
    type List @model ${list} { id: ID! @id board: Board! @relation(onDelete: CASCADE) cards: [Card!]! }
    type Card @model ${card} { id: ID! @id list: List! @relation(onDelete: CASCADE) }`;
  const summariesOf = (board: string, list: string, card: string) =>
    planNotes({ current: none, next: readModel(of(board, list, card)) }, []).map(
      ({ summary }) => summary,
    );

  it('exist for types with rules that a deletion by callers reaches', () => {
    const rules = '@allow(to: [READ, DELETE])';
    expect(summariesOf(rules, '', '@allow(to: READ)')).toEqual([
      'Deleting a row of `Board` also deletes its rows of `Card`, through `List`. The access rules of `Card` do not decide about this.',
    ]);
    expect(summariesOf('', rules, '@allow(to: READ)')).toEqual([
      'Deleting a row of `List` also deletes its rows of `Card`. The access rules of `Card` do not decide about this.',
    ]);
    expect(summariesOf(rules, '', '')).toEqual([]);
    expect(summariesOf('@allow(to: READ)', '', rules)).toEqual([]);
  });
});

describe('notes about claims', () => {
  const claims = (fields: string) =>
    readModel(`type Claims @claims { ${fields} } type A @model { id: ID! @id }`);
  const issuer = (host: string, ...names: readonly string[]) => ({
    issuer: `https://${host}.example`,
    userField: 'id',
    claims: names.map((name) => ({ name })),
  });
  const current = claims('role: String orgs: [ID!]');
  const notesOf = (next: typeof current, ...issuers: readonly ReturnType<typeof issuer>[]) =>
    planNotes({ current, next }, issuers);

  it('exist for removed claims that trusted issuers map', () => {
    const without = claims('role: String');
    expect(notesOf(without, issuer('a', 'role', 'orgs'), issuer('b', 'role'))).toEqual([
      {
        kind: 'CLAIM',
        target: 'orgs',
        summary:
          'The trusted issuer `https://a.example` maps the claim `orgs`, which this schema no longer has. Remove the mapping in the settings of the project. Until then, other changes of the trusted issuers are rejected.',
        directive: null,
      },
    ]);
    const [note] = notesOf(without, issuer('a', 'orgs'), issuer('b', 'orgs'));
    expect(note?.summary).toMatch(
      /^The trusted issuers `https:\/\/a.example` and `https:\/\/b.example` map the claim `orgs`,/,
    );
    const targets = notesOf(none, issuer('a', 'role', 'orgs')).map(({ target }) => target);
    expect(targets).toEqual(['role', 'orgs']);
  });

  it('do not exist for other claims', () => {
    expect(notesOf(current, issuer('a', 'role', 'orgs'))).toEqual([]);
    expect(notesOf(claims('role: String'), issuer('a', 'role'))).toEqual([]);
    // The current schema does not have this claim either.
    expect(notesOf(claims('role: String orgs: [ID!]'), issuer('a', 'plan'))).toEqual([]);
  });
});
