import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { buildApi } from '../../src/engine/api/build-api.ts';
import { readModel } from '../engine/project.ts';
import { Cursors } from './cursors.ts';
import { evaluate, type Oracle } from './evaluate.ts';
import { randomData } from './random-data.ts';
import { KnownRows } from './random-keys.ts';
import { randomSdl } from './random-model.ts';
import { randomQuery } from './random-operation.ts';
import { Store } from './store.ts';
import { tapes } from './tape.ts';
import { Undecided } from './undecided.ts';

const everything = { read: 'ALL', write: 'ALL', introspect: true, rules: null } as const;

const sdl = `
  type Board @model { id: ID! @id  key: String! @unique  issues: [Issue!]! }
  type Issue @model @unique(fields: ["board", "number"]) {
    id: ID! @id  number: Int!  title: String  estimate: Decimal  tags: [String!]!
    board: Board! @relation(onDelete: CASCADE)
    labels: [Label!]!
  }
  type Label @model { id: ID! @id  name: String!  issues: [Issue!]! }
`;
const [b1, b2, i1, i2, i3, l1] = ['b1', 'b2', '11', '12', '13', 'a1'].map(
  (tail) => `00000000-0000-4000-8000-0000000000${tail}`,
) as [string, string, string, string, string, string];

function oracleOf(): Oracle {
  const api = buildApi(readModel(sdl), everything);
  const relation = api.index.model.relations.find(({ kind }) => kind === 'JOIN_TABLE');
  const store = new Store(api.index, {
    rows: {
      Board: [
        { id: b1, key: 'ONE' },
        { id: b2, key: 'TWO' },
      ],
      Issue: [
        { id: i1, number: 1, title: 'a%', estimate: '1.5', tags: ['x'], boardId: b1 },
        { id: i2, number: 2, title: null, estimate: null, tags: [], boardId: b1 },
        { id: i3, number: 1, title: 'B', estimate: '2', tags: ['x', 'y'], boardId: b2 },
      ],
      Label: [{ id: l1, name: 'bug' }],
    },
    // The sides are in the same order as the types: Issue, Label.
    pairs: { [relation?.name ?? '']: [[JSON.stringify([i1]), JSON.stringify([l1])]] },
  });
  return { api, store, cursors: new Cursors() };
}

function ask(text: string, variables = {}): unknown {
  const oracle = oracleOf();
  const document = parse(text);
  expect(validate(oracle.api.schema, document)).toEqual([]);
  return evaluate(oracle, { document, variables });
}

function numbersWhere(where: string): unknown {
  const answer = ask(`{ issues(where: ${where}) { nodes { id } } }`) as {
    data?: { issues: { nodes: { id: string }[] } };
  };
  return answer.data?.issues.nodes.map(({ id }) => id) ?? answer;
}

it.each([
  ['{}', [i1, i2, i3]],
  ['{ title: { neq: "x" } }', [i1, i3]],
  ['{ not: { title: { eq: "x" } } }', [i1, i2, i3]],
  ['{ title: { notIn: [] } }', [i1, i3]],
  ['{ title: { isNull: true } }', [i2]],
  ['{ title: { contains: "%" } }', [i1]],
  ['{ title: { like: "_\\\\%" } }', [i1]],
  ['{ title: { eq: "b", mode: INSENSITIVE } }', [i3]],
  ['{ or: [] }', []],
  ['{ and: [] }', [i1, i2, i3]],
  ['{ board: { key: { eq: "TWO" } } }', [i3]],
  ['{ labels: { none: {} } }', [i2, i3]],
  ['{ labels: { every: { name: { eq: "x" } } } }', [i2, i3]],
  ['{ tags: { hasEvery: ["y", "x"] } }', [i3]],
  ['{ tags: { isEmpty: true } }', [i2]],
  ['{ estimate: { gte: "1.50" } }', [i1, i3]],
  ['{ title: { eq: null } }', { codes: ['BAD_USER_INPUT'] }],
])('matches the expected rows for %s', (where, ids) => {
  expect(numbersWhere(where)).toEqual(ids);
});

it('sorts, paginates and counts', () => {
  expect(
    ask(`{
      issues(orderBy: [{ board: { key: DESC } }, { estimate: DESC }], first: 2) {
        nodes { number board { key } labels { totalCount } }
        pageInfo { hasNextPage hasPreviousPage }
        totalCount
        aggregate { count sum { number estimate } avg { number estimate } max { title } }
      }
    }`),
  ).toEqual({
    data: {
      issues: {
        nodes: [
          { number: 1, board: { key: 'TWO' }, labels: { totalCount: 0 } },
          // Nulls come first with DESC, as in PostgreSQL.
          { number: 2, board: { key: 'ONE' }, labels: { totalCount: 0 } },
        ],
        pageInfo: { hasNextPage: true, hasPreviousPage: false },
        totalCount: 3,
        aggregate: {
          count: 3,
          sum: { number: '4', estimate: '3.5' },
          avg: { number: 4 / 3, estimate: '1.75' },
          max: { title: 'a%' },
        },
      },
    },
  });
});

it.each([
  [`{ issues(first: 1, last: 1) { totalCount } }`, {}],
  [`{ issues(first: 101) { nodes { id } } }`, {}],
  [`{ issues(offset: -1) { nodes { id } } }`, {}],
  [`{ issues(after: "x") { nodes { id } } }`, {}],
  [`{ issues(orderBy: [{}]) { totalCount } }`, {}],
  // Arguments are checked everywhere, even where there are no rows.
  [
    `{ board(where: { key: "none" }) { issues(where: { title: { like: "\\\\" } }) { totalCount } } }`,
    {},
  ],
  [`query ($t: String) { issues(where: { title: { eq: $t } }) { totalCount } }`, {}],
])('rejects %s', (text, variables) => {
  expect(ask(text, variables)).toEqual({ codes: ['BAD_USER_INPUT'] });
});

it('treats an absent filter as no filter', () => {
  expect(ask(`query ($w: IssueWhereInput) { issues(where: $w) { totalCount } }`)).toEqual({
    data: { issues: { totalCount: 3 } },
  });
});

const seed = randomInt(2 ** 31);

it(`evaluates every generated operation, and all are valid (seed ${seed})`, () => {
  const property = fc.property(tapes(60), tapes(200), tapes(200), (model, data, query) => {
    const api = buildApi(readModel(randomSdl(model)), everything);
    const rows = randomData(api.index, data);
    const store = new Store(api.index, rows);
    const { text, variables } = randomQuery(api, query, new KnownRows(rows));
    const document = parse(text);
    expect(validate(api.schema, document)).toEqual([]);
    try {
      evaluate({ api, store, cursors: new Cursors() }, { document, variables });
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
    }
  });
  fc.assert(property, { numRuns: 200, seed });
});
