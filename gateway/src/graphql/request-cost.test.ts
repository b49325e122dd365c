import { buildSchema, Kind } from 'graphql';
import { describe, expect, it } from 'vitest';

import { managementDocumentLimits } from '../control-plane/graphql/graphql-execution.ts';
import { checkDocument, parseDocument } from './document-limits.ts';
import { unitsOf, workPerUnit, workWeights } from './request-cost.ts';

const schema = buildSchema(`
  type Query { user: User users(first: Int, offset: Int, names: [String!]): UserConnection! }
  type UserConnection { nodes: [User!]! totalCount: Int! }
  type User { name: String friends(first: Int): UserConnection! }
  type Mutation { deleteUsers(atMost: Int! = 1): Int createUsers(data: [UserData!]!): Int }
  input UserData { name: String tags: [String!] }
`);
const limits = { ...managementDocumentLimits, tokens: 10_000, fields: 1_000, cost: 100_000 };

function units(text: string, variables: Record<string, unknown> = {}): number {
  const document = parseDocument(text, limits);
  const { work } = checkDocument(document, schema, variables, limits);
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  // Every document here has an operation.
  return unitsOf(work.get(operation as never) ?? NaN, variables);
}

const repeat = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

describe('the units of a request', () => {
  it('are 1 for a small request, also with a count', () => {
    expect(units('{ user { name } }')).toBe(1);
    expect(units('{ users { totalCount nodes { name } } }')).toBe(1);
  });

  it('grow with the fields that the response can have', () => {
    const page = (first: number) => `users(first: ${first}) { nodes { name } }`;
    // 1 + 99 × 2 fields each.
    expect(units(`{ ${repeat(5, (i) => `a${i}: ${page(99)}`)} }`)).toBe(1);
    expect(units(`{ ${repeat(6, (i) => `a${i}: ${page(99)}`)} }`)).toBe(2);
  });

  it('use page sizes in variables', () => {
    const text =
      'query ($n: Int) { users(first: $n) { nodes { friends(first: $n) { nodes { name } } } } }';
    expect(units(text, { n: 5 })).toBe(1);
    expect(units(text, { n: 100 })).toBe(
      1 + Math.floor((1 + 100 * (1 + 1 + 100 * 2)) / workPerUnit),
    );
  });

  it('are high for many counts, however small the pages are', () => {
    const counts = repeat(300, (i) => `a${i}: users(first: 1) { totalCount }`);
    expect(units(`{ ${counts} }`)).toBeGreaterThanOrEqual(150);
  });

  it('multiply counts by the lists that contain them, but not by the page of their own list', () => {
    const count = (pages: string) =>
      `{ users(first: 10) { nodes { friends${pages} { totalCount } } } }`;
    expect(units(count(''))).toBe(1 + Math.floor((10 * workWeights.count + 231) / workPerUnit));
    expect(units(count('(first: 1)'))).toBe(units(count('(first: 10)')));
  });

  it('include counts in fragments', () => {
    const fragment = 'fragment C on UserConnection { totalCount }';
    const text = `{ ${repeat(10, (i) => `a${i}: users(first: 1) { ...C ... { totalCount } }`)} }`;
    expect(units(`${text} ${fragment}`)).toBe(11);
  });

  it('include the items of lists in variables and in the document', () => {
    const text = 'mutation ($data: [UserData!]!) { createUsers(data: $data) }';
    const rows = (count: number) => ({
      data: Array.from({ length: count }, () => ({ name: 'a' })),
    });
    expect(units(text, rows(99))).toBe(1);
    expect(units(text, rows(1_000))).toBe(11);
    expect(units(text, { data: [{ tags: Array.from({ length: 200 }, () => 'a') }] })).toBe(3);
    expect(units(`{ users(names: [${repeat(250, (i) => `"${i}"`)}]) { nodes { name } } }`)).toBe(3);
  });

  it('include the rows that can be changed and the rows that are skipped', () => {
    const remove = 'mutation ($n: Int!) { deleteUsers(atMost: $n) }';
    expect(units(remove, { n: 1 })).toBe(1);
    expect(units(remove, { n: 10_000 })).toBe(101);
    expect(units('{ users(offset: 5000) { nodes { name } } }')).toBe(6);
  });

  it.each(['1e300', '-5', '999999999999999999999'])('are finite for atMost: %s', (value) => {
    const cost = units('mutation ($n: Int!) { deleteUsers(atMost: $n) }', { n: Number(value) });
    expect(cost).toBeGreaterThanOrEqual(1);
    expect(cost).toBeLessThanOrEqual(1_001);
  });
});
