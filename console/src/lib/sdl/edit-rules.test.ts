import { describe, expect, it } from 'vitest';

import {
  addDirective,
  addTypeRule,
  filterProblem,
  printPreset,
  printRule,
  removeDirective,
  replaceSpan,
  valueProblem,
} from './edit-rules.ts';
import { readWrittenRules, type RuleDraft, type WrittenType } from './written-rules.ts';

const sdl = `type Claims @claims { role: String }
type User @model @user {
  id: ID! @id
  notes: String @private
}

type Post
  @model
  # Published posts.
  @allow(to: [READ], as: PUBLIC, where: { at: { lte: "$now" } })
  @allow(to: [UPDATE, READ], where: { author: { id: { eq: "$user.id" } } }) {
  id: ID! @id
  at: DateTime @allow(to: READ)
  author: User! @preset(value: "$user.id", on: [CREATE, UPDATE])
}
extend type Post @require(to: [UPDATE], where: { at: { gt: "$now" } }, check: {}) {
  more: Int
}
`;

const typeOf = (text: string, name: string): WrittenType => {
  const type = readWrittenRules(text)?.find((each) => each.name === name);
  if (type === undefined) throw new Error(`There is no type ${name}.`);
  return type;
};
const fieldOf = (text: string, type: string, name: string) => {
  const field = typeOf(text, type).fields.find((each) => each.name === name);
  if (field === undefined) throw new Error(`There is no field ${name}.`);
  return field;
};
const rule: RuleDraft = {
  directive: 'allow',
  to: ['DELETE', 'READ'],
  as: 'USER',
  where: '{ id: { eq: "$user.id" } }',
  check: '',
  user: '',
  claims: '',
};

describe('readWrittenRules', () => {
  it('reads the rules of models, their fields and their extensions', () => {
    const types = readWrittenRules(sdl) ?? [];
    expect(types.map(({ name, user }) => [name, user !== null])).toEqual([
      ['User', true],
      ['Post', false],
    ]);
    const post = typeOf(sdl, 'Post');
    expect(post.rules.map(({ line, draft }) => [line, printRule(draft)])).toEqual([
      [10, '@allow(to: [READ], as: PUBLIC, where: { at: { lte: "$now" } })'],
      [11, '@allow(to: [READ, UPDATE], where: { author: { id: { eq: "$user.id" } } })'],
      [16, '@require(to: [UPDATE], where: { at: { gt: "$now" } }, check: {})'],
    ]);
    const author = fieldOf(sdl, 'Post', 'author');
    expect(author.preset?.draft).toEqual({ value: '"$user.id"', on: ['CREATE', 'UPDATE'] });
    expect(fieldOf(sdl, 'Post', 'at').rules).toHaveLength(1);
    expect(fieldOf(sdl, 'User', 'notes').private).not.toBeNull();
    expect(fieldOf(sdl, 'Post', 'more').type).toBe('Int');
  });

  it('returns null for text with a syntax error', () => {
    expect(readWrittenRules('type {')).toBeNull();
  });
});

describe('the text of a schema', () => {
  it('gets a rule on its own line, which can be replaced', () => {
    const added = addTypeRule(sdl, typeOf(sdl, 'User'), rule);
    expect(added).toContain(
      'type User @model @user\n  @allow(to: [READ, DELETE], where: { id: { eq: "$user.id" } }) {\n',
    );
    const [written] = typeOf(added, 'User').rules;
    if (written === undefined) throw new Error('There is no rule.');
    const changed = { ...written.draft, as: 'PUBLIC' as const, where: '' };
    expect(replaceSpan(added, written, printRule(changed))).toContain(
      'type User @model @user\n  @allow(to: [READ, DELETE], as: PUBLIC) {\n',
    );
    expect(removeDirective(added, written)).toBe(sdl);
  });

  it('gets a directive of a field', () => {
    const added = addDirective(sdl, fieldOf(sdl, 'Post', 'at'), '@private');
    expect(added).toContain('  at: DateTime @allow(to: READ) @private\n');
    const hidden = fieldOf(added, 'Post', 'at').private;
    if (hidden === null) throw new Error('The field is not private.');
    expect(removeDirective(added, hidden)).toBe(sdl);
  });

  it.each([
    [
      'the first of a line',
      'type A\n  «@user» @index(fields: "a") {',
      'type A\n  @index(fields: "a") {',
    ],
    ['an inline one', 'type A @model «@user» {', 'type A @model {'],
    ['a line', 'type A @model\n  «@user»\n  @b {', 'type A @model\n  @b {'],
    ['the last line', 'type A @model\n  «@user» {', 'type A @model {'],
    ['a line after a comment', 'type A @model # a\n  «@user» {', 'type A @model # a\n  {'],
    ['the last of a field', 'a: Int\n    «@private»\n  b: Int', 'a: Int\n  b: Int'],
  ])('loses %s', (_what, marked, expected) => {
    const text = marked.replace(/[«»]/g, '');
    const start = marked.indexOf('«');
    const end = marked.replace('«', '').indexOf('»');
    expect(removeDirective(text, { start, end })).toBe(expected);
  });
});

it('prints a preset with its operations', () => {
  expect(printPreset({ value: ' "$user.id" ', on: ['CREATE'] })).toBe('@preset(value: "$user.id")');
  expect(printPreset({ value: 'OPEN', on: ['CREATE', 'UPDATE'] })).toBe(
    '@preset(value: OPEN, on: [CREATE, UPDATE])',
  );
});

it('explains why text cannot be a filter or a value', () => {
  expect(filterProblem('{ a: { eq: 1 } }')).toBeNull();
  expect(filterProblem(' ')).toBeNull();
  expect(filterProblem('{ a: { eq: 1 }')).toBe('Expected Name, found <EOF>.');
  expect(filterProblem('"$user.id"')).toContain('braces');
  expect(filterProblem('{} ) @model')).toContain('Expected <EOF>');
  expect(filterProblem('{ a: $user }')).toContain('Unexpected variable');
  expect(filterProblem('['.repeat(100_000))).toBe('Brackets are nested too deeply.');
  expect(valueProblem('"$user.id"')).toBeNull();
  expect(valueProblem('')).toBe('Enter a value.');
});
