import { buildSchema, isEnumType, isScalarType } from 'graphql';
import { expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { buildApi } from '../api/build-api.ts';
import { printApi } from '../api/project-api.ts';
import { readSdl } from './read-sdl.ts';

const apiOf = (sdl: string) =>
  buildSchema(
    printApi(
      buildApi(readModel(sdl), { read: 'ALL', write: 'ALL', introspect: true, rules: null }),
    ),
  );

it('prefers a definition of the schema to a scalar that version 0.1 did not have', () => {
  const api = apiOf(`
    enum Time { DAY NIGHT }
    type Bytes @model(plural: "allBytes") { id: ID! @id time: Time times: [Time!]! file: File }
    type File @model @unique(fields: ["time", "name"]) { id: ID! @id name: String! time: Time! bytes: [Bytes!]! }
  `);
  expect(isEnumType(api.getType('Time'))).toBe(true);
  expect(String(api.getQueryType()?.getFields()['bytes']?.type)).toBe('Bytes');
});

it('keeps the names of filters free that a schema does not use', () => {
  const other = 'type TimeFilter @model { id: ID! @id } type IntListFilter @model { id: ID! @id }';
  expect(readSdl(other).ok).toBe(true);
  expect(isScalarType(apiOf(other).getType('Time'))).toBe(false);
  expect(readSdl(`${other} type A @model { id: ID! @id at: Time ns: [Int!] }`)).toMatchObject({
    diagnostics: [
      { code: 'NAME_RESERVED', message: expect.stringContaining('TimeFilter') as string },
      { code: 'NAME_RESERVED', message: expect.stringContaining('IntListFilter') as string },
    ],
  });
});
