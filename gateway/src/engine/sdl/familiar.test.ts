import { expect, it } from 'vitest';
import { readSdl } from './read-sdl.ts';

const model = (fields: string, directives = '') =>
  `type A @model ${directives} { id: ID! @id\n${fields} }`;

/** `CODE hint` for each diagnostic. */
function hints(sdl: string): readonly string[] {
  const reading = readSdl(sdl);
  return reading.ok ? [] : reading.diagnostics.map(({ code, hint }) => `${code} ${hint}`);
}

it.each([
  ['@hasMany', model('bs: [String!]! @hasMany'), /^UNKNOWN_DIRECTIVE Write both sides/],
  ['@belongsTo', model('b: String @belongsTo'), /shelf: Shelf. here/],
  ['@table', 'type A @model @table(name: "a") { id: ID! @id }', /^UNKNOWN_DIRECTIVE Write @model/],
  [
    '@auth',
    model('', '@auth(rules: [{ allow: owner }])'),
    /^UNKNOWN_DIRECTIVE Write @allow on the type/,
  ],
  ['@policy', model('', '@policy(using: "true")'), /^UNKNOWN_DIRECTIVE Write @allow on the type/],
  ['@rls', model('', '@rls'), /^UNKNOWN_DIRECTIVE Write @allow on the type/],
  ['@deny', model('', '@deny(to: [READ])'), /^UNKNOWN_DIRECTIVE Remove it\. An operation/],
  ['@hidden', model('b: Int @hidden'), /^UNKNOWN_DIRECTIVE Write @private/],
  ['@readonly', model('b: Int @readonly'), /^UNKNOWN_DIRECTIVE Write @allow\(to: \[READ\]\)/],
  ['@primaryKey', model('b: Int @primaryKey'), /^UNKNOWN_DIRECTIVE Write @id on the field/],
  ['an unknown directive', model('b: Int @other'), /^UNKNOWN_DIRECTIVE Directives allowed here/],
  ['Int64', model('b: Int64'), /^UNKNOWN_TYPE Use BigInt\.$/],
  ['Text', model('b: Text'), /^UNKNOWN_TYPE Use String\.$/],
  ['Timestamp', model('b: Timestamp'), /^UNKNOWN_TYPE Use DateTime\.$/],
  ['timestamptz', model('b: timestamptz'), /^UNKNOWN_TYPE Use DateTime\.$/],
  [
    'AWSEmail',
    model('b: AWSEmail'),
    /^UNKNOWN_TYPE Use String with @constraint\(format: EMAIL\)\.$/,
  ],
  ['Json', model('b: Json'), /^UNKNOWN_TYPE Use JSON\.$/],
  ['a property of Object.prototype', model('b: constructor'), /^UNKNOWN_TYPE Define it/],
  ['@default(now)', model('b: DateTime @default(now)'), /^SYNTAX_ERROR .*generate: NOW/],
  ['@default(now())', model('b: DateTime @default(now())'), /^SYNTAX_ERROR .*generate: NOW/],
  ['uuid()', model('b: UUID @default(uuid())'), /^SYNTAX_ERROR .*@default\(generate: UUID\)/],
  ['cuid()', model('b: String @default(cuid())'), /^SYNTAX_ERROR .*@id\(generate: CUID\)/],
  [
    'nanoid(9)',
    model('b: String @default(nanoid(9))'),
    /^SYNTAX_ERROR .*@default\(generate: NANOID/,
  ],
  ['autoincrement()', model('b: Int @default(autoincrement())'), /^SYNTAX_ERROR .*`id: Int! @id`/],
  [
    'a default of uuid',
    model('b: UUID @default(value: "uuid")'),
    /^BAD_DEFAULT Use `@default\(generate: UUID\)`/,
  ],
  ['@default(5)', model('b: Int @default(5)'), /^SYNTAX_ERROR .*`@default\(value: …\)`/],
  [
    'a default of now',
    model('b: DateTime @default(value: "now")'),
    /^BAD_DEFAULT Use `@default\(generate: NOW\)`/,
  ],
  ['a default of today', model('b: Date @default(value: "today")'), /^BAD_DEFAULT .*generate: NOW/],
  ['PG-13', 'enum Rating { G PG-13 }', /^SYNTAX_ERROR .*write `PG_13` instead of `PG-13`/],
  ['rooms.delete', 'enum P {\n  rooms.delete\n}', /^SYNTAX_ERROR .*write `rooms_delete` instead/],
  ['a Prisma model', 'model User {\n  id Int @id\n}', /^SYNTAX_ERROR This is a Prisma schema/],
  ['SQL', 'CREATE TABLE a (id int)', /^SYNTAX_ERROR This is SQL/],
  ['a Prisma field', model('title String?'), /^SYNTAX_ERROR Write a colon/],
  ['another error', 'type A @model { id: ID! @id', /^SYNTAX_ERROR Fix this error/],
])('gives the way to write %s', (_what, sdl, expected) => {
  expect(hints(sdl)).toEqual([expect.stringMatching(expected)]);
});

it.each([
  ['a list with optional items', '[Book]'],
  ['a list of lists', '[[Book!]!]!'],
  ['a misspelled type', '[Bok!]!'],
])('reports only %s, not that the other side of the relation is missing', (_what, list) => {
  const found = hints(
    `type Shelf @model { id: ID! @id books: ${list} } type Book @model { id: ID! @id shelf: Shelf! }`,
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^(?:BAD_LIST|UNKNOWN_TYPE) /);
});
