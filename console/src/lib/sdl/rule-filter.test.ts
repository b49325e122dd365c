import { readdirSync, readFileSync } from 'node:fs';

import { isInputObjectType, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';

import { everything } from '../../../../gateway/src/engine/api/access.ts';
import { buildApi } from '../../../../gateway/src/engine/api/build-api.ts';
import { readSdl } from '../../../../gateway/src/engine/schema.ts';
import { looseNames } from './loose-names.ts';
import { filterConstants, filterKeys, filterReferences, presetReferences } from './rule-filter.ts';

const examples = new URL('../../../../gateway/test/examples/', import.meta.url);

describe.each(readdirSync(examples).filter((name) => name.endsWith('.graphql')))('%s', (file) => {
  const sdl = readFileSync(new URL(file, examples), 'utf8');
  const names = looseNames(sdl);

  it('has the same filters as the API', () => {
    const reading = readSdl(sdl);
    if (!reading.ok) throw new Error('The example is invalid.');
    const { schema } = buildApi(reading.model, everything);
    for (const { name } of reading.model.types) {
      const keysAt = (path: readonly string[]) =>
        filterKeys(names, { argument: 'where', type: name, path })
          .map((key) => key.name)
          .filter((key) => key !== '_can')
          .sort();
      const where = inputFields(schema, `${name}WhereInput`);
      expect([name, ...keysAt([])]).toEqual([name, ...[...where.keys()].sort()]);
      for (const [field, type] of where) {
        if (field === 'and' || field === 'or' || field === 'not') continue;
        expect([name, field, ...keysAt([field])]).toEqual([
          name,
          field,
          ...[...inputFields(schema, type).keys()].sort(),
        ]);
      }
    }
  });
});

/** The fields of an input type, with the names of their types. */
function inputFields(schema: GraphQLSchema, name: string): ReadonlyMap<string, string> {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`There is no input ${name}.`);
  return new Map(
    Object.values(type.getFields()).map((field) => [
      field.name,
      field.type.toString().replace(/[[\]!]/g, ''),
    ]),
  );
}

const rules = (rule: string, authorPreset = '', teamPreset = '') => `
type Claims @claims { role: Role orgs: [ID!] since: DateTime nick: String nicks: [String!] }
enum Role { READER EDITOR }
type User @model @user { id: ID! @id name: String born: Date role: Role nicks: [String!]! team: Team posts: [Post!]! }
type Team @model { id: ID! @id name: String users: [User!]! posts: [Post!]! }
type Post @model ${rule} {
  id: ID! @id title: String at: DateTime on: Date tags: [String!]! role: Role isOpen: Boolean
  author: User! ${authorPreset} team: Team ${teamPreset}
}`;

const names = looseNames(rules(''));
const at = (path: string, argument: 'where' | 'user' | 'claims' = 'where') => ({
  argument,
  type: 'Post',
  path: path.split('.'),
});

it('offers exactly the references that the engine accepts', () => {
  const candidates = [
    ...['id', 'name', 'born', 'role', 'nicks', 'team', 'teamId'].map((name) => `$user.${name}`),
    ...['role', 'orgs', 'since', 'nick', 'nicks'].map((name) => `$claims.${name}`),
    ...['id', 'title', 'at', 'on', 'tags', 'role', 'authorId', 'teamId'].map(
      (name) => `$row.${name}`,
    ),
    '$now',
  ];
  const paths = [
    ...['id', 'title', 'at', 'on', 'role', 'authorId'].flatMap((field) =>
      ['eq', 'in', 'lt'].map((operator) => `${field}.${operator}`),
    ),
    ...['tags.eq', 'tags.has', 'tags.hasSome', 'tags.hasEvery', 'title.startsWith'],
    ...['author.id.eq', 'author.name.neq', 'author.posts.some.at.gt', 'team.users.none.id.eq'],
  ];
  const userPaths = ['id.eq', 'role.in', 'posts.some.at.gt', 'team.users.none.id.eq'];
  let accepted = 0;
  const compare = (argument: 'where' | 'user', path: string) => {
    const offered = filterReferences(names, at(path, argument)).map(({ name }) => name);
    const filter = (operand: string) =>
      path
        .split('.')
        .reduceRight((inner, name) => `{ ${name}: ${inner} }`, JSON.stringify(operand));
    const valid = candidates.filter(
      (reference) => readSdl(rules(`@allow(to: [READ], ${argument}: ${filter(reference)})`)).ok,
    );
    expect([argument, path, ...offered].sort()).toEqual([argument, path, ...valid].sort());
    accepted += valid.length;
  };
  for (const path of paths) compare('where', path);
  for (const path of userPaths) compare('user', path);
  expect(accepted).toBeGreaterThan(20);
  for (const field of ['author', 'team']) {
    const presets = candidates.filter((reference) => {
      const preset = ` @preset(value: "${reference}")`;
      return readSdl(rules('', field === 'author' ? preset : '', field === 'team' ? preset : ''))
        .ok;
    });
    expect(presets.length).toBe(1);
    expect(presetReferences(names, 'Post', field).map(({ name }) => name)).toEqual(presets);
  }
});

it('offers the constants of enums, Booleans and flags', () => {
  expect(filterConstants(names, at('role.in'))).toEqual(['READER', 'EDITOR']);
  expect(filterConstants(names, at('isOpen.eq'))).toEqual(['true', 'false']);
  expect(filterConstants(names, at('title.isNull'))).toEqual(['true', 'false']);
  expect(filterConstants(names, at('title.mode'))).toEqual(['DEFAULT', 'INSENSITIVE']);
  expect(filterConstants(names, at('author._can'))).toEqual(['READ']);
  expect(filterConstants(names, at('title.eq'))).toEqual([]);
});

it('knows the claims and the fields of the user', () => {
  const keys = (argument: 'user' | 'claims', path: string) =>
    filterKeys(names, { ...at('', argument), path: path === '' ? [] : path.split('.') })
      .map(({ name }) => name)
      .join(' ');
  expect(keys('claims', 'or')).toBe('role orgs since nick nicks and or not');
  expect(keys('claims', 'orgs')).toBe('eq has hasSome hasEvery isEmpty isNull');
  expect(keys('user', '')).toBe('id name born role nicks team teamId posts and or not');
  expect(filterReferences(names, at('nick.eq', 'claims'))).toEqual([]);
  expect(keys('claims', 'nothing')).toBe('');
});
