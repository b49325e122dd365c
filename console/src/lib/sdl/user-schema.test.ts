import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { readSdl, userSchemaOf } from '../../../../gateway/src/engine/schema.ts';
import { readUserSchema } from './user-schema.ts';

const examples = new URL('../../../../examples/', import.meta.url);

const schemas: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    readdirSync(examples)
      .filter((name) => name.endsWith('.graphql'))
      .map((name) => [name, readFileSync(new URL(name, examples), 'utf8')]),
  ),
  'no rules': 'type Note @model { id: ID! @id text: String @unique }',
  'all kinds of fields': `enum Role { ADMIN }
    type Claims @claims { role: Role orgs: [ID!] }
    type Team @model { id: ID! @id }
    type User @model @user @unique(fields: ["nick"]) @unique(fields: ["name", "team"]) {
      id: ID! @id
      authId: String @unique
      number: Int! @unique
      big: BigInt @unique
      uuid: UUID @unique
      nick: String
      name: String
      role: Role @unique
      born: Date @unique
      score: Float @unique
      tags: [String!]!
      team: Team! @unique
    }`,
  'a key of one field, listed': `type User @model @user @id(fields: ["name"]) {
    name: String!
    mail: String! @unique
  }`,
};

describe('readUserSchema', () => {
  it.each(Object.entries(schemas))('finds the same as the gateway: %s', (_name, sdl) => {
    const reading = readSdl(sdl);
    if (!reading.ok) throw new Error(JSON.stringify(reading));
    expect(readUserSchema(sdl)).toEqual(userSchemaOf(reading.model));
  });

  it('also reads extensions', () => {
    const sdl = `type User @model { id: ID! @id }
      extend type User @user { authId: String @unique }`;
    expect(readUserSchema(sdl)).toEqual({
      type: 'User',
      uniqueFields: ['id', 'authId'],
      claims: [],
    });
  });
});
