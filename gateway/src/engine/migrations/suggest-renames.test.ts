import { expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { planMigration } from './plan-migration.ts';
import { projectNames } from './project-names.ts';
import { areSimilar } from '../sdl/similar-names.ts';

const type = (name: string, fields: string) => `type ${name} @model { id: ID! @id ${fields} }`;

function suggestions(current: string, next: string): readonly string[] {
  const project = projectNames('abcdefgh01234567');
  const plan = planMigration(readModel(current), readModel(next), { project, baseVersion: 1 });
  return plan.suggestions.map(({ target, from, directive }) => `${from} ${target} ${directive}`);
}

it.each([
  ['photoUrl', 'photoLink', true],
  ['url', 'photoUrl', true],
  ['label', 'labels', true],
  ['colour', 'color', true],
  ['userName', 'user_name', true],
  ['watermark', 'branding', false],
  ['isActive', 'isHidden', false],
  ['name', 'age', false],
])('compares names: %s and %s', (one, other, expected) => {
  expect(areSimilar(one, other)).toBe(expected);
});

it.each([
  [
    'a field with a similar name and the same type',
    type('A', 'photoUrl: String'),
    type('A', 'photoLink: String'),
    ['A.photoUrl A.photoLink @rename(from: "photoUrl")'],
  ],
  ['a field with another type', type('A', 'photoUrl: String'), type('A', 'photoLink: Int'), []],
  ['a field with another name', type('A', 'watermark: String'), type('A', 'branding: String'), []],
  [
    'only the most similar field',
    type('A', 'userName: String'),
    type('A', 'userNames: String name: String'),
    ['A.userName A.userNames @rename(from: "userName")'],
  ],
  [
    'a type with a similar name',
    type('Label', 'x: Int'),
    type('Lable', 'y: Int'),
    ['Label Lable @rename(from: "Label")'],
  ],
  [
    'a type with the same fields',
    type('Offer', 'x: Int y: Int'),
    type('Plan', 'x: Int y: Int'),
    ['Offer Plan @rename(from: "Offer")'],
  ],
  ['an unrelated type', type('Offer', 'x: Int y: Int'), type('Plan', 'a: Int b: Int'), []],
  [
    'a type whose rows a rename would not keep',
    type('Label', 'x: Int'),
    'type Lable @model { key: ID! @id x: Int }',
    [],
  ],
  [
    'a relation to the same type',
    type('A', 'owner: B') + type('B', 'as: [A!]!'),
    type('A', 'coOwner: B') + type('B', 'as: [A!]!'),
    ['A.owner A.coOwner @rename(from: "owner")'],
  ],
  [
    'a relation to another type',
    type('A', 'owner: B') + type('B', 'as: [A!]!') + type('C', ''),
    type('A', 'coOwner: C') + type('B', '') + type('C', 'as: [A!]!'),
    [],
  ],
  [
    'a relation with several columns, once',
    'type C @model @id(fields: ["a", "b"]) { a: Int! b: Int! } type A @model { id: ID! @id owner: C }',
    'type C @model @id(fields: ["a", "b"]) { a: Int! b: Int! } type A @model { id: ID! @id coOwner: C }',
    ['A.owner A.coOwner @rename(from: "owner")'],
  ],
  [
    'a many-to-many relation with two new names',
    type('A', 'tags: [B!]!') + type('B', 'as: [A!]!'),
    type('A', 'labels: [B!]!') + type('B', 'all: [A!]!'),
    ['A.tags A.labels @rename(from: "tags")'],
  ],
])('suggests for %s', (_what, current, next, expected) => {
  expect(suggestions(current, next)).toEqual(expected);
});

it('suggests renames that keep the data', () => {
  const before = type('A', 'tags: [B!]!') + type('B', 'as: [A!]!');
  const after = type('A', 'labels: [B!]!') + type('B', 'all: [A!]!');
  const followed = after.replace('labels: [B!]!', 'labels: [B!]! @rename(from: "tags")');
  const project = projectNames('abcdefgh01234567');
  const plan = planMigration(readModel(before), readModel(followed), { project, baseVersion: 1 });
  expect(plan.steps.map(({ kind }) => kind)).not.toContain('DROP_TABLE');
});
