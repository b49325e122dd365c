import { expect, it } from 'vitest';

import { looseNames } from './loose-names.ts';

it('reads the names in incomplete SDL', () => {
  const text = `# type Not { }
enum Status { TODO DONE }
type Issue @model @unique(fields: ["title"]) {
  "type Nor { }"
  title: String! @constraint(minLength: 1, maxLength: 200)
  status: Status! @default(value: TODO)
  board: [
}
type Board @model {
  name: Str`;
  expect(looseNames(text)).toEqual({
    types: [
      { name: 'Issue', fields: ['title', 'status', 'board'] },
      { name: 'Board', fields: ['name'] },
    ],
    enums: [{ name: 'Status', values: ['TODO', 'DONE'] }],
  });
});

it('reads the fields of a type with access rules', () => {
  const text = `type Post @model @allow(to: [READ], where: { author: { id: { eq: "$user.id" } } }) {
  author: User! @preset(value: "$user.id")
  title: String @allow(to: [READ], where: { not: { locked: { eq: true } } })
}`;
  expect(looseNames(text).types).toEqual([{ name: 'Post', fields: ['author', 'title'] }]);
});

it('reads a long unterminated type quickly', () => {
  const text = `type A @model { ${'a: Int @default(value: 1) '.repeat(9_000)}`;
  expect(looseNames(text).types[0]?.fields).toHaveLength(9_000);
});
