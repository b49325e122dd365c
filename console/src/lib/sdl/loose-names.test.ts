import { expect, it } from 'vitest';

import { looseNames } from './loose-names.ts';

const fieldsOf = (text: string) =>
  looseNames(text).types.map(({ name, fields }) => [name, ...fields.map((field) => field.name)]);

it('reads the names in incomplete SDL', () => {
  const text = `# type Not { }
enum Status { TODO @deprecated(reason: "DONE") DONE }
type Issue @model @unique(fields: ["title"]) {
  "type Nor { }"
  title: String! @constraint(minLength: 1, maxLength: 200)
  status: Status! @default(value: TODO)
  type: String
  board: [
}
type Board @model {
  name: Str`;
  expect(fieldsOf(text)).toEqual([
    ['Issue', 'title', 'status', 'type', 'board'],
    ['Board', 'name'],
  ]);
  expect(looseNames(text).enums).toEqual([{ name: 'Status', values: ['TODO', 'DONE'] }]);
});

it('reads the types of fields, and the strings of directives', () => {
  const text = `type Post @model @id(fields: ["a", "b"]) {
  a: Int! b: [Tag!]! @relation(name: "tags", key: ["x", "y"], onDelete: CASCADE)`;
  expect(looseNames(text).types).toEqual([
    {
      name: 'Post',
      directives: [
        { name: 'model', texts: new Map() },
        { name: 'id', texts: new Map([['fields', ['a', 'b']]]) },
      ],
      fields: [
        { name: 'a', type: 'Int', list: false, directives: [] },
        {
          name: 'b',
          type: 'Tag',
          list: true,
          directives: [
            {
              name: 'relation',
              texts: new Map([
                ['name', ['tags']],
                ['key', ['x', 'y']],
              ]),
            },
          ],
        },
      ],
    },
  ]);
});

it('reads the fields of a type with access rules', () => {
  const text = `type Post @model @allow(to: [READ], where: { author: { id: { eq: "$user.id" } } }) {
  author: User! @preset(value: "$user.id")
  title: String @allow(to: [READ], where: { not: { locked: { eq: true } } })
}`;
  expect(fieldsOf(text)).toEqual([['Post', 'author', 'title']]);
});

it('continues at the next definition after a rule that is not closed', () => {
  const text = `type Post @model @allow(to: [READ], where: { author: {
type User @model { id: ID! }`;
  expect(fieldsOf(text)).toEqual([['Post'], ['User', 'id']]);
});

it('reads a long unterminated type quickly', () => {
  const text = `type A @model { ${'a: Int @default(value: 1) '.repeat(9_000)}`;
  expect(looseNames(text).types[0]?.fields).toHaveLength(9_000);
});
