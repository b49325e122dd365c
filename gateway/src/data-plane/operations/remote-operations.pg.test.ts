import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';

import { useCompute } from '../../../test/compute.ts';
import { useTestDatabase } from '../../../test/database.ts';
import {
  useOperations,
  type AskOptions,
  type OperationsKit,
} from '../../../test/engine/operations-kit.ts';
import { maskError } from '../../http/mask-error.ts';
import { DocumentError } from '../../graphql/document-error.ts';

const database = useTestDatabase();
const compute = useCompute();
const here = useOperations(database);
const far = useOperations(database, compute);

/** So long that all its operations are prepared on the compute thread. */
const sdl = `
  type Item @model { id: ID! @id  name: String! @unique  size: Int @constraint(max: 100)  box: Box }
  type Box @model { id: ID! @id  name: String!  items: [Item!]! }
  # ${'.'.repeat(12_000)}
`;

const asks: readonly (readonly [what: string, query: string, options?: AskOptions])[] = [
  [
    'creates rows with several statements',
    `mutation { createBox(data: { name: "first", items: { create: [{ name: "a", size: 1 }, { name: "b" }] } }) {
      name items(orderBy: [{ name: ASC }]) { nodes { name size } } } }`,
  ],
  [
    'creates a row with one statement',
    'mutation { createItem(data: { name: "c", size: 3 }) { name box { name } } }',
  ],
  [
    'creates a batch',
    'mutation { createItems(data: [{ name: "d" }, { name: "e" }]) { count nodes { name } } }',
  ],
  [
    'reads with variables',
    `query ($where: ItemWhereInput, $first: Int) { items(where: $where, first: $first, orderBy: [{ name: ASC }]) {
      totalCount nodes { name size } } none: item(where: { name: "x" }) { name } __typename }`,
    { variables: { where: { size: { gte: 1 } }, first: 1 } },
  ],
  ['needs no database', '{ __typename }'],
  ['describes the schema', getIntrospectionQuery()],
  ['does not parse', '{ items(first: 1) { nodes { name }'],
  ['is not valid', '{ items(first: 1) { nodes { nme } }\n  itms { totalCount } }'],
  ['is too large', `{ ${Array.from({ length: 1_001 }, (_, i) => `a${i}: __typename`).join(' ')} }`],
  ['does not name its operation', 'query A { __typename } query B { __typename }'],
  [
    'has a variable of the wrong type',
    'query ($first: Int!) { items(first: $first) { totalCount } }',
    { variables: { first: 'x' } },
  ],
  ['has a bad cursor', '{ items(first: 1, after: "x") { totalCount } }'],
  ['violates a unique key', 'mutation { createItem(data: { name: "a" }) { name } }'],
  [
    'violates a unique key in a transaction',
    'mutation { createItem(data: { name: "f" }) { name } again: createItem(data: { name: "f" }) { name } }',
  ],
  ['violates a constraint', 'mutation { createItem(data: { name: "g", size: 101 }) { name } }'],
  [
    'updates a row that does not exist',
    'mutation { updateItem(where: { name: "x" }, data: { size: 1 }) { name } }',
  ],
  [
    'has a sum out of range',
    'mutation { updateItem(where: { name: "a" }, data: { size: { increment: 2147483647 } }) { size } }',
  ],
  [
    'upserts',
    'mutation { upsertItem(where: { name: "a" }, create: { name: "a" }, update: { size: 9 }) { name size } }',
  ],
  ['deletes', 'mutation { deleteItems(where: { name: { in: ["a", "b"] } }, atMost: 5) { count } }'],
  [
    'reads the result',
    '{ items(orderBy: [{ name: ASC }]) { nodes { name size } } boxes { totalCount } }',
  ],
  [
    'may not change data',
    'mutation { deleteItem(where: { name: "c" }) { name } }',
    { mayChange: false },
  ],
  [
    'may not introspect',
    '{ __schema { queryType { name } } }',
    { access: { read: 'ALL', write: 'ALL', introspect: false, rules: null } },
  ],
];

/** The outcome of each request, with its errors as the client sees them. */
function outcomes(kit: OperationsKit): Promise<Record<string, unknown>> {
  return kit.serve(sdl, async (project) => {
    const all: Record<string, unknown> = {};
    for (const [what, query, options] of asks) {
      all[what] = await project.ask(query, options).then(
        ({ data, errors }) => ({
          data,
          errors: errors.map((error) => maskError(error, { requestId: 'r' })),
        }),
        (error: unknown) => ({
          refused: (error instanceof DocumentError ? error.errors : [error]).map((each) =>
            maskError(each, { requestId: 'r' }),
          ),
        }),
      );
    }
    return all;
  });
}

describe('the compute thread', () => {
  it('gives the same results and errors as the main thread', async () => {
    const expected = await outcomes(here);
    expect(await outcomes(far)).toEqual(expected);
    const tasks = compute.observed.filter(({ task }) => task === 'operation');
    expect(tasks.length).toBeGreaterThanOrEqual(asks.length);
    expect(new Set(tasks.map(({ outcome }) => outcome))).toEqual(new Set(['done']));
    expect(JSON.stringify(expected)).not.toContain('INTERNAL_SERVER_ERROR');
  });

  it('prints the API', async () => {
    const access = { read: 'ALL', write: 'ALL', introspect: true, rules: null } as const;
    const print = (kit: OperationsKit) =>
      kit.serve(sdl, (project) =>
        kit.operations.printApi(project.snapshot(), { access, subject: null }),
      );
    expect(await print(far)).toBe(await print(here));
    expect(compute.observed.at(-1)).toMatchObject({ task: 'printApi', outcome: 'done' });
  });
});
