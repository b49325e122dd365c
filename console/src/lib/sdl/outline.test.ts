import { expect, it } from 'vitest';

import { readOutline, type SdlOutline } from './outline.ts';

const outlineOf = (text: string): SdlOutline => {
  const reading = readOutline(text);
  if (!reading.ok) throw new Error(reading.problem.message);
  return reading.outline;
};

const relations = (text: string): readonly string[] =>
  outlineOf(text).relations.map(
    ({ kind, from, to, onDelete }) =>
      `${from.type}.${from.field ?? '-'} ${kind} ${to.type}.${to.field} ${onDelete ?? '-'}`,
  );

it('returns types, fields and enums with their lines', () => {
  const { types, enums } = outlineOf(`"How far it is"
enum Status { TODO DONE }

"A thing to do"
type Issue @model {
  id: ID! @id
  tags: [String!]! @default(value: ["new"])
  status: Status! @default(value: TODO)
  owner: Nobody
  createdAt: DateTime! @createdAt
}`);
  expect(enums).toEqual([
    { name: 'Status', description: 'How far it is', line: 2, values: ['TODO', 'DONE'] },
  ]);
  expect(types).toHaveLength(1);
  expect(types[0]).toMatchObject({ name: 'Issue', description: 'A thing to do', line: 5 });
  expect(
    types[0]?.fields.map(({ name, line, written, kind, list, required, role }) =>
      [name, line, written, kind, list, required, role].join(' '),
    ),
  ).toEqual([
    'id 6 ID! SCALAR false true ID',
    'tags 7 [String!]! SCALAR true true PLAIN',
    'status 8 Status! ENUM false true PLAIN',
    'owner 9 Nobody UNKNOWN false false PLAIN',
    'createdAt 10 DateTime! SCALAR false true CREATED_AT',
  ]);
  expect(types[0]?.fields.map((field) => field.default)).toEqual([
    null,
    '["new"]',
    'TODO',
    null,
    null,
  ]);
});

it('adds the fields and values of extensions to their definitions', () => {
  const { types, enums } = outlineOf(`extend type Time { color: Color }
enum Color { RED }
type Time @model { id: ID! @id next: Time }
extend enum Color { BLUE }`);
  expect(types.map(({ name, fields }) => [name, fields.map(({ kind }) => kind).join()])).toEqual([
    ['Time', 'SCALAR,MODEL,ENUM'],
  ]);
  expect(enums.map(({ values }) => values)).toEqual([['RED', 'BLUE']]);
});

it('pairs the sides of every kind of relation in any order', () => {
  expect(
    relations(`
type Author @model { posts: [Post!]! profile: Profile tags: [Tag!]! }
type Post @model { author: Author! @relation(onDelete: CASCADE) }
type Profile @model { author: Author! @unique }
type Tag @model { authors: [Author!]! }`),
  ).toEqual([
    'Author.posts ONE_TO_MANY Post.author CASCADE',
    'Author.profile ONE_TO_ONE Profile.author RESTRICT',
    'Author.tags MANY_TO_MANY Tag.authors -',
  ]);
});

it('pairs sides by relation name and supports self-relations', () => {
  expect(
    relations(`
type Issue @model {
  parent: Issue @relation(name: "tree", onDelete: SET_NULL)
  children: [Issue!]! @relation(name: "tree")
  blocks: [Issue!]! @relation(name: "blocks")
  blockedBy: [Issue!]! @relation(name: "blocks")
}`),
  ).toEqual([
    'Issue.children ONE_TO_MANY Issue.parent SET_NULL',
    'Issue.blocks MANY_TO_MANY Issue.blockedBy -',
  ]);
});

it('returns relations that have only the owning side', () => {
  expect(
    relations(`
type City @model { id: ID! @id }
type Person @model {
  born: City!
  lives: City @relation(onDelete: SET_NULL)
  boss: Person
}
type Mayor @model @id(fields: ["city"]) { city: City! }
type Twin @model { other: City! @unique }`),
  ).toEqual([
    'City.- ONE_TO_MANY Person.born RESTRICT',
    'City.- ONE_TO_MANY Person.lives SET_NULL',
    'Person.- ONE_TO_MANY Person.boss RESTRICT',
    'City.- ONE_TO_ONE Mayor.city RESTRICT',
    'City.- ONE_TO_ONE Twin.other RESTRICT',
  ]);
});

it('returns which fields are in the primary key', () => {
  const { types } = outlineOf(`
type Shelf @model { code: String! @id(generate: NONE) name: String! cells: [Cell!]! }
extend type Cell @id(fields: ["shelf", "number"])
type Cell @model { shelf: Shelf! number: Int! note: String @unique }`);
  expect(
    types.map(({ name, fields }) => [
      name,
      ...fields.map((field) => `${field.name} ${field.role} ${field.unique}`),
    ]),
  ).toEqual([
    ['Shelf', 'code ID true', 'name PLAIN false', 'cells PLAIN false'],
    ['Cell', 'shelf ID false', 'number ID false', 'note PLAIN true'],
  ]);
});

it('omits relations that have several candidates for the other side', () => {
  expect(relations('type A @model { b: [B!]! } type B @model { id: ID! }')).toEqual([]);
  expect(relations('type A @model { b: B c: B } type B @model { a: [A!]! }')).toEqual([]);
  expect(relations('type A @model { b: B } type B @model { a: A }')).toEqual([]);
});

it('accepts SDL text with only comments and ignores duplicate names', () => {
  expect(outlineOf('# nothing yet\n')).toEqual({ types: [], enums: [], relations: [] });
  expect(outlineOf('type A { x: Int x: String } type A { y: Int }').types).toMatchObject([
    { name: 'A', fields: [{ name: 'x', type: 'Int' }] },
  ]);
});

it('reports the position of a syntax error', () => {
  expect(readOutline('type A @model {\n  id ID!\n}')).toEqual({
    ok: false,
    problem: { message: 'Syntax Error: Expected ":", found Name "ID".', line: 2, column: 6 },
  });
  expect(readOutline(`type A { a: Int @default(value: ${'['.repeat(100_000)}`).ok).toBe(false);
});

it('leaves out the type of claims, which has no table', () => {
  const reading = readOutline('type Claims @claims { role: String } type A @model { id: ID! @id }');
  expect(reading.ok && reading.outline.types.map(({ name }) => name)).toEqual(['A']);
});
