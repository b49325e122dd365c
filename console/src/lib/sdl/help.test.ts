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
  expect(title('as: GUEST')).toBe('as: Audience');
  expect(title('@preset')).toBe('@preset(value: PresetValue!, on: [PresetOperation!])');
  expect(title('@private')).toBe('@private');
});

it('returns nothing for names in definitions', () => {
  expect(titleOf('type Board')).toBeUndefined();
  expect(titleOf('status')).toBeUndefined();
});
