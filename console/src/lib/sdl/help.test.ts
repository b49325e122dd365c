import { expect, it } from 'vitest';

import { helpAt } from './help.ts';

const text = `enum Status { TODO DONE }
type Board @model(plural: "boards") {
  id: ID! @id
  status: Status! @default(value: TODO)
  issues: [Issue!]!
}
type Issue @model { board: Board! @relation(onDelete: CASCADE) }`;

const titleOf = (name: string): string | undefined =>
  helpAt(text, text.indexOf(name) + name.length)?.title;

it('explains directives, arguments, scalars and the types in the SDL', () => {
  expect(titleOf('@model')).toBe('@model(plural: String, maxPageSize: Int)');
  expect(titleOf('(plural')).toBe('plural: String');
  expect(titleOf(': ID')).toBe('scalar ID');
  expect(titleOf('@id')).toBe('@id(generate: KeyGenerator)');
  expect(titleOf(': Status')).toBe('enum Status');
  expect(titleOf('[Issue')).toBe('type Issue');
  expect(titleOf('onDelete: CASCADE')).toBe('onDelete: OnDelete');
});

it('explains access rules', () => {
  const rules = 'type A @model @allow(to: [READ], as: GUEST) { a: Int @preset(value: 1) @private }';
  const title = (name: string) => helpAt(rules, rules.indexOf(name) + name.length)?.title;
  expect(title('@allow')).toMatch(/^@allow\(to: \[AccessOperation!\]!, as: Audience, where: /);
  expect(title(' as')).toBe('as: Audience');
  expect(title('@preset')).toBe('@preset(value: PresetValue!, on: [PresetOperation!])');
  expect(title('@private')).toBe('@private');
});

it('explains the names, values and references in the filters of access rules', () => {
  const rules = `type User @model @user { id: ID! @id posts: [Post!]! }
type Post @model @allow(to: [READ, LINK], as: GUEST, where: { author: { id: { eq: "$user.id" } } }) {
  id: ID! @id author: User! @preset(value: "$user.id")
}`;
  const help = (name: string) => helpAt(rules, rules.indexOf(name) + name.length);
  expect(help('[READ, LINK')).toMatchObject({ title: 'LINK' });
  expect(help('GUEST')?.about).toContain('anonymous account');
  expect(help('{ author')?.title).toBe('author: User');
  expect(help('eq')?.title).toBe('eq: ID');
  expect(help('eq: "$user.id')?.title).toBe('$user.id: ID');
  expect(help('eq: "$user')?.title).toBe('$user');
  expect(help('value: "$user.id')?.title).toBe('$user.id: ID');
});

it('returns nothing for names in definitions', () => {
  expect(titleOf('type Board')).toBeUndefined();
  expect(titleOf('status')).toBeUndefined();
});
