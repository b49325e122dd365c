import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readRequest, trackerApi } from '../../../test/engine/compile-kit.ts';
import { preparePlanKey } from './plan-key.ts';
import type { Variables } from './plan.ts';

/** The plan keys of several requests for the same document. */
function planKeys(text: string, ...requests: readonly Variables[]): readonly (string | null)[] {
  const planKeyOf = preparePlanKey({
    api: trackerApi,
    document: readRequest(trackerApi, text, requests[0] ?? {}).document,
    operationName: null,
  });
  return requests.map((given) => planKeyOf(readRequest(trackerApi, text, given).variables));
}

function cursor(...values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

function distinct(text: string, ...requests: readonly Variables[]): number {
  return new Set(planKeys(text, ...requests)).size;
}

const filtered = 'query ($where: IssueWhereInput) { issues(where: $where) { totalCount } }';
const ordered =
  'query ($orderBy: [IssueOrderByInput!]) { issues(orderBy: $orderBy) { totalCount } }';

describe('requests share a plan key if they differ only in', () => {
  it.each([
    [
      'values',
      filtered,
      { where: { title: { eq: 'a' }, number: { in: [1] } } },
      { where: { title: { eq: 'b' }, number: { in: [1, 2, 3] } } },
    ],
    [
      'the order of keys',
      filtered,
      { where: { title: { eq: 'a' }, number: { lt: 1 } } },
      { where: { number: { lt: 2 }, title: { eq: 'b' } } },
    ],
    [
      'whether a single value is written as a list',
      filtered,
      { where: { and: { number: { in: 1 } } } },
      { where: { and: [{ number: { in: [1] } }] } },
    ],
    [
      'page sizes and cursors',
      'query ($n: Int, $c: Cursor) { issues(first: $n, after: $c) { totalCount } }',
      { n: 1, c: 'a' },
      { n: 2, c: 'b' },
    ],
    [
      'the values in cursors',
      'query ($c: Cursor!) { issues(after: $c) { totalCount } }',
      { c: cursor('s', 'a', ['b', 'hash']) },
      { c: cursor('s', 'c', ['d', 'hash']) },
    ],
    [
      'the id of the row',
      'query ($where: IssueWhereUniqueInput!) { issue(where: $where) { id } }',
      { where: { id: '00000000-0000-7000-8000-000000000001' } },
      { where: { id: '00000000-0000-7000-8000-000000000002' } },
    ],
    [
      'the data to write',
      'mutation ($data: IssueUpdateInput!, $id: ID!, $most: Int!) { updateIssue(where: { id: $id }, data: $data) { id } deleteIssues(where: {}, atMost: $most) { count } }',
      { data: { title: 'a' }, id: '00000000-0000-7000-8000-000000000001', most: 1 },
      { data: { tags: ['x'] }, id: '00000000-0000-7000-8000-000000000002', most: 2 },
    ],
    [
      'the name of an introspected type',
      'query ($name: String!) { __type(name: $name) { name } }',
      { name: 'Issue' },
      { name: 'Board' },
    ],
    [
      'values within JSON',
      'query ($lines: Int) { issues(where: { meta: { contains: { lines: $lines } } }) { totalCount } }',
      { lines: 1 },
      {},
    ],
  ])('%s', (_what, text, one, other) => {
    expect(distinct(text, one, other)).toBe(1);
  });
});

describe('requests have different plan keys if they differ in', () => {
  it.each([
    [
      'the texts that are cut in cursors',
      'query ($c: Cursor!) { issues(after: $c) { totalCount } }',
      [
        { c: cursor('s', 'a', 'b') },
        { c: cursor('s', ['a', 'hash'], 'b') },
        { c: cursor('s', 'a', ['b', 'hash']) },
      ],
    ],
    ['the fields of a filter', filtered, [{ where: { title: {} } }, { where: { body: {} } }]],
    [
      'operators',
      filtered,
      [{ where: { title: { eq: 'a' } } }, { where: { title: { neq: 'a' } } }],
    ],
    [
      'whether a filter is absent, null or empty',
      filtered,
      [{}, { where: null }, { where: {} }, { where: { title: null } }, { where: { title: {} } }],
    ],
    [
      'the length of lists of filters',
      filtered,
      [{ where: { or: [] } }, { where: { or: [{}] } }, { where: { or: [{}, {}] } }],
    ],
    [
      'nesting',
      filtered,
      [
        { where: { and: [{ not: {} }] } },
        { where: { and: [{}], not: {} } },
        { where: { not: { and: [{}] } } },
      ],
    ],
    [
      'the operands of isNull and isEmpty',
      filtered,
      [true, false].flatMap((value) => [
        { where: { body: { isNull: value } } },
        { where: { tags: { isEmpty: value } } },
      ]),
    ],
    [
      'the mode',
      filtered,
      ['DEFAULT', 'INSENSITIVE'].map((mode) => ({ where: { title: { eq: 'a', mode } } })),
    ],
    [
      'the fields and directions of an order',
      ordered,
      [
        { orderBy: [] },
        { orderBy: [{ due: 'ASC' }] },
        { orderBy: [{ due: 'DESC' }] },
        { orderBy: [{ due: 'DESC_NULLS_LAST' }] },
        { orderBy: [{ board: { name: 'ASC' } }] },
        { orderBy: [{ due: 'ASC' }, { number: 'ASC' }] },
      ],
    ],
    [
      'a direction given by a variable',
      'query ($d: SortOrder!) { issues(orderBy: { due: $d }) { totalCount } }',
      [{ d: 'ASC' }, { d: 'DESC' }],
    ],
    [
      'the set of page arguments',
      'query ($first: Int, $last: Int, $after: Cursor, $offset: Int) { issues(first: $first, last: $last, after: $after, offset: $offset) { totalCount } }',
      [{}, { first: 1 }, { last: 1 }, { after: 'a' }, { offset: 1 }, { first: 1, after: 'a' }],
    ],
    [
      'the fields that are skipped or included',
      'query ($a: Boolean!, $b: Boolean!) { issues { totalCount @skip(if: $a) ...F } } fragment F on IssueConnection { nodes { id @include(if: $b) } }',
      [true, false].flatMap((a) => [true, false].map((b) => ({ a, b }))),
    ],
    [
      'the unique key that identifies the row',
      'query ($where: UserWhereUniqueInput!) { user(where: $where) { id } }',
      [{ where: { email: 'a' } }, { where: { id: '00000000-0000-7000-8000-000000000001' } }],
    ],
    [
      'the filter of a mutation',
      'mutation ($where: IssueWhereInput!) { deleteIssues(where: $where) { count } }',
      [{ where: {} }, { where: { number: { eq: 1 } } }],
    ],
    [
      'the value or absence of an operand of isNull',
      'query ($b: Boolean) { issues(where: { body: { isNull: $b } }) { totalCount @skip(if: false) } }',
      [{ b: true }, { b: false }, { b: null }, {}],
    ],
  ])('%s', (_what, text, requests) => {
    expect(distinct(text, ...requests)).toBe(requests.length);
  });
});

it('computes the plan key only for the selected operation', () => {
  const document = parse(`query A($n: Int) { issues(first: $n) { ...F } }
    query B($n: SortOrder!) { issues(orderBy: { due: $n }) { ...F } }
    fragment F on IssueConnection { totalCount }`);
  const planKeyOf = (operationName: string) =>
    preparePlanKey({ api: trackerApi, document, operationName });
  expect(planKeyOf('A')({ n: 1 })).toBe(planKeyOf('A')({ n: 2 }));
  expect(planKeyOf('B')({ n: 'ASC' })).not.toBe(planKeyOf('B')({ n: 'DESC' }));
});

describe('a plan key that is too long', () => {
  it.each([
    [
      'is null for a value with too many parts',
      { or: Array.from({ length: 1_000 }, () => ({ title: { eq: 'a' } })) },
    ],
    ['is null for a value that is nested too deeply', nested(40)],
  ])('%s', (_what, where) => {
    expect(planKeys(filtered, { where })).toEqual([null]);
  });

  it('is abandoned before all values are read', () => {
    const where = { or: Array.from({ length: 100_000 }, () => ({})) };
    const { document } = readRequest(trackerApi, filtered, {});
    const planKeyOf = preparePlanKey({ api: trackerApi, document, operationName: null });
    let reads = 0;
    const watched = new Proxy(where.or, {
      get: (target, key, receiver) => {
        reads += 1;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    expect(planKeyOf({ where: { or: watched } })).toBeNull();
    expect(reads).toBeLessThan(20_000);
  });
});

function nested(levels: number): object {
  return levels === 0 ? {} : { not: nested(levels - 1) };
}
