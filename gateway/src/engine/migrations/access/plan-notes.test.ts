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
  planNotes(none, readModel(sdl(rules, fields))).map(
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
    expect(planNotes(none, model)).toEqual([
      {
        kind: 'INDEX',
        target: 'Post',
        summary:
          'Access rules look for rows of `Post` by `teamId`, which has no index. Add `@index(fields: ["teamId"])` to `Post`.',
        directive: '@index(fields: ["teamId"])',
      },
    ]);
    expect(planNotes(model, model)).toEqual([]);
  });
});

describe('notes about cascades', () => {
  const of = (board: string, list: string, card: string) => `
    type Board @model ${board} { id: ID! @id lists: [List!]! }
    type List @model ${list} { id: ID! @id board: Board! @relation(onDelete: CASCADE) cards: [Card!]! }
    type Card @model ${card} { id: ID! @id list: List! @relation(onDelete: CASCADE) }`;
  const summariesOf = (board: string, list: string, card: string) =>
    planNotes(none, readModel(of(board, list, card))).map(({ summary }) => summary);

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
