import { expect, it } from 'vitest';
import { compileQuery } from '../../../test/engine/compile-kit.ts';
import { readModel } from '../../../test/engine/project.ts';
import { buildApi } from '../api/build-api.ts';

const api = buildApi(
  readModel(`
    type Part @model @unique(fields: ["maker", "code"]) @unique(fields: ["maker", "nick"]) {
      id: ID! @id
      code: String!
      nick: String
      serial: Int! @unique
      spare: Int @unique
      maker: Maker!
    }
    type Maker @model { id: ID! @id  code: String! @unique  parts: [Part!]! }
  `),
  { read: 'ALL', write: 'ALL', introspect: true, rules: null },
);

/** The ORDER BY clause that an operation on a list of parts compiles to. */
function orderOf(text: string): string | undefined {
  const sql = compileQuery(api, text).statement.template.chunks.join();
  return / ORDER BY (.*?) LIMIT/.exec(sql)?.[1]?.replaceAll('"', '');
}

const id = '00000000-0000-7000-8000-000000000001';
const parts = (args: string) => orderOf(`{ parts(${args}) { nodes { id } } }`);
const partsOfOne = (args: string) =>
  orderOf(`{ maker(where: { id: "${id}" }) { parts(${args}) { nodes { id } } } }`);

it.each([
  ['a unique field', parts('orderBy: { serial: DESC }'), 't1.serial DESC'],
  [
    'a unique field after other fields',
    parts('orderBy: [{ nick: ASC }, { serial: ASC }, { code: ASC }]'),
    't1.nick, t1.serial',
  ],
  [
    'a unique key whose other field is fixed by the relation',
    partsOfOne('orderBy: { code: ASC }'),
    't2.code',
  ],
  [
    'a unique key whose other field is fixed by the filter',
    parts(`where: { makerId: { eq: "${id}" } }, orderBy: { code: ASC }`),
    't1.code',
  ],
])('does not add the id to a sort order with %s', (_what, order, expected) => {
  expect(order).toBe(expected);
});

it.each([
  ['part of a unique key', parts('orderBy: { code: ASC }'), 't1.code, t1.id'],
  ['a nullable unique field', parts('orderBy: { spare: ASC }'), 't1.spare, t1.id'],
  ['a unique key with a nullable field', partsOfOne('orderBy: { nick: ASC }'), 't2.nick, t2.id'],
  [
    'a unique field of a related row',
    parts(`where: { makerId: { eq: "${id}" } }, orderBy: { maker: { code: ASC } }`),
    't2.code, t1.id',
  ],
  [
    'a unique key whose other field can have several values',
    parts(`where: { makerId: { in: ["${id}"] } }, orderBy: { code: ASC }`),
    't1.code, t1.id',
  ],
  [
    'a unique key whose other field is fixed in only one branch of the filter',
    parts(`where: { or: [{ makerId: { eq: "${id}" } }, {}] }, orderBy: { code: ASC }`),
    't1.code, t1.id',
  ],
])('adds the id to a sort order with %s', (_what, order, expected) => {
  expect(order).toBe(expected);
});
