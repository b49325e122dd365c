import { readFile } from 'node:fs/promises';
import { buildSchema, isEnumType, isScalarType } from 'graphql';
import { expect, it } from 'vitest';
import { fieldDirectives, typeDirectives } from './directives.ts';
import { readSdl } from './read-sdl.ts';
import { printSchemaLanguage } from './schema-language.ts';

const tracker = await readFile(
  new URL('../../../test/examples/tracker.graphql', import.meta.url),
  'utf8',
);
const everything = `
  type Plan @model(plural: "plans", maxPageSize: 5) @id(fields: ["a", "b"]) @unique(fields: ["a", "t"])
    @unique(fields: ["b", "t"]) @index(fields: ["t"]) @rename(from: "Offer") @deprecated {
    a: String! @constraint(minLength: 1, format: SLUG)
    b: UUID! @default(generate: UUID)
    t: Time @default(value: "18:30:00") @deprecated(reason: "Use at.")
    at: DateTime @createdAt
    price: Decimal @decimal(precision: 4, scale: 2) @constraint(max: 5) @backfill(value: 1)
    state: State @default(value: OPEN)
    data: Bytes
    next: Plan @relation(name: "next-plan", onDelete: SET_NULL, key: ["nextA", "nextB"])
  }
  enum State { OPEN @rename(from: "NEW") CLOSED @deprecated }`;

it('is valid together with the SDL of a project', () => {
  const schema = buildSchema(printSchemaLanguage());
  expect(schema.getDirectives().map(({ name }) => name)).toEqual(
    expect.arrayContaining([...Object.keys(fieldDirectives), ...Object.keys(typeDirectives)]),
  );
  expect(schema.getDirectives().every(({ description }) => description)).toBe(true);
  expect(isScalarType(schema.getType('Bytes'))).toBe(true);
  expect(isEnumType(schema.getType('OnDelete'))).toBe(true);
  for (const sdl of [tracker, everything]) {
    expect(() => buildSchema(`${printSchemaLanguage()}${sdl}`)).not.toThrow();
  }
  for (const wrong of ['type A @modle { id: ID! @id }', 'type A @model { n: Int @decimal }']) {
    expect(() => buildSchema(printSchemaLanguage() + wrong)).toThrow();
  }
});

it('can be pasted into the SDL of a project without an effect', () => {
  for (const sdl of [tracker, everything]) {
    const plain = readSdl(sdl);
    expect(plain.ok).toBe(true);
    expect(readSdl(`${sdl}${printSchemaLanguage()}`)).toEqual(plain);
  }
});

it('leaves an enum of the project with the same name alone', () => {
  const used = readSdl(
    'enum OnDelete { RESTRICT CASCADE SET_NULL } type A @model { id: ID! @id e: OnDelete }',
  );
  expect(used.ok && used.model.enums.map(({ name }) => name)).toEqual(['OnDelete']);
  const other = readSdl('enum Generator { WIND SUN } type A @model { id: ID! @id }');
  expect(other.ok && other.model.enums.map(({ name }) => name)).toEqual(['Generator']);
});
