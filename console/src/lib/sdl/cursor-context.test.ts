import { expect, it } from 'vitest';

import { cursorContext } from './cursor-context.ts';

/** The context at the position of `|` in the text. */
const at = (marked: string) => {
  const position = marked.indexOf('|');
  return cursorContext(marked.replace('|', ''), position);
};

it('expects a definition between definitions', () => {
  expect(at('|')).toEqual({ kind: 'DEFINITION', from: 0, typed: '' });
  expect(at('type A @model { id: ID! }\nen|')).toMatchObject({ kind: 'DEFINITION', typed: 'en' });
});

it('expects type directives after a type and field directives after a field', () => {
  expect(at('type A @|')).toMatchObject({ kind: 'TYPE_DIRECTIVE', typed: '' });
  expect(at('type A @model @uni|')).toMatchObject({ kind: 'TYPE_DIRECTIVE', typed: 'uni' });
  expect(at('type A @model {\n  id: ID! @|\n}')).toMatchObject({ kind: 'FIELD_DIRECTIVE' });
  expect(at('type A @model { a: [B!]! @unique @re|')).toMatchObject({
    kind: 'FIELD_DIRECTIVE',
    typed: 're',
  });
});

it('expects a type after a colon and inside a list type', () => {
  expect(at('type A @model { a: |')).toMatchObject({ kind: 'FIELD_TYPE', typed: '' });
  expect(at('type A @model { a: [St|')).toMatchObject({ kind: 'FIELD_TYPE', typed: 'St' });
});

it('expects arguments and argument values', () => {
  expect(at('type A @model { a: String! @constraint(min: 1, |)')).toMatchObject({
    kind: 'ARGUMENT',
    directive: 'constraint',
    place: 'field',
    given: ['min'],
  });
  expect(at('type A @model(|')).toMatchObject({ kind: 'ARGUMENT', place: 'type' });
  expect(at('type A @model { b: B! @relation(onDelete: CA|')).toMatchObject({
    kind: 'ARGUMENT_VALUE',
    directive: 'relation',
    argument: 'onDelete',
    typed: 'CA',
  });
  expect(at('type A @model { s: Status! @default(value: |')).toMatchObject({
    kind: 'ARGUMENT_VALUE',
    argument: 'value',
    fieldType: 'Status',
  });
  expect(at('type A @model { t: [String!] @default(value: ["x"]) u: |')).toMatchObject({
    kind: 'FIELD_TYPE',
  });
});

it('expects operations in the list of an access rule, and arguments after its filters', () => {
  expect(at('type A @model @allow(to: [READ, UP|')).toMatchObject({
    kind: 'ARGUMENT_VALUE',
    directive: 'allow',
    argument: 'to',
    typed: 'UP',
  });
  const rule = '@allow(to: READ, where: { or: [{ id: { eq: "$user.id" } }] }';
  expect(at(`type A @model ${rule}, |`)).toMatchObject({
    kind: 'ARGUMENT',
    directive: 'allow',
    given: ['to', 'where'],
  });
  expect(at(`type A @model { f: Int ${rule}) @pre|`)).toMatchObject({
    kind: 'FIELD_DIRECTIVE',
    typed: 'pre',
  });
});

it('expects names and values inside the filters of access rules', () => {
  const rule = (filter: string) => at(`type A @model @allow(to: [READ], where: ${filter}`);
  const place = (...path: string[]) => ({ argument: 'where', type: 'A', path });
  expect(rule('|')).toMatchObject({ kind: 'FILTER_VALUE', place: place() });
  expect(rule('{ au|')).toMatchObject({ kind: 'FILTER_KEY', place: place(), typed: 'au' });
  expect(rule('{ a: { eq: 1 }, b: { gt: 1, |')).toMatchObject({
    kind: 'FILTER_KEY',
    place: place('b'),
    given: ['gt'],
  });
  expect(rule('{ or: [{ a: { eq: true } }, { b: { some: { |')).toMatchObject({
    kind: 'FILTER_KEY',
    place: place('or', 'b', 'some'),
    given: [],
  });
  expect(rule('{ a: { in: [ONE, T|')).toMatchObject({
    kind: 'FILTER_VALUE',
    place: place('a', 'in'),
    isInList: true,
    typed: 'T',
  });
  expect(rule('{ a: { eq: "$user.i|')).toEqual({
    kind: 'FILTER_REFERENCE',
    place: place('a', 'eq'),
    from: 52,
    typed: '$user.i',
  });
  expect(rule('{ a: { eq: "x" }, |')).toMatchObject({ kind: 'FILTER_KEY', given: ['a'] });
  expect(rule('{ a: { eq: "x" } }, |')).toMatchObject({ kind: 'ARGUMENT' });
});

it('expects references in a preset, and the filter of a rule on a field', () => {
  expect(at('type A @model { b: B! @preset(value: "$|')).toMatchObject({
    kind: 'PRESET_REFERENCE',
    type: 'A',
    field: 'b',
    typed: '$',
  });
  const place = { argument: 'claims', type: 'A', path: ['role'] };
  expect(at('type A @model { b: B @allow(to: READ, claims: { role: { |')).toMatchObject({
    kind: 'FILTER_KEY',
    place,
  });
});

it('expects field names inside the strings of `fields`', () => {
  expect(at('type A @model @unique(fields: ["a", "b|')).toMatchObject({
    kind: 'FIELD_NAME',
    type: 'A',
    typed: 'b',
  });
});

it('expects field names of the other type inside the strings of `references`', () => {
  const other = { kind: 'FIELD_NAME', type: 'Domain', typed: 'sl' };
  expect(at('type A @model { d: Domain! @relation(references: ["sl|')).toMatchObject(other);
  expect(at('type A @model { d: Domain! @relation(references: "sl|')).toMatchObject(other);
  expect(at('type A @model { d: Domain! @relation(key: "sl|')).toBeNull();
});

it('expects field names in a key of several fields', () => {
  expect(at('type Cell @model @id(fields: ["shelf", "|')).toMatchObject({
    kind: 'FIELD_NAME',
    type: 'Cell',
    typed: '',
  });
});

it('expects nothing in comments, descriptions, enums, argument strings or new names', () => {
  expect(at('# type |')).toBeNull();
  expect(at('"""\nA type: |')).toBeNull();
  expect(at('enum Status { TO|')).toBeNull();
  expect(at('type A @model { na|')).toBeNull();
  expect(at('type Na|')).toBeNull();
  expect(at('type A @model { a: String @constraint(pattern: "x|')).toBeNull();
});
