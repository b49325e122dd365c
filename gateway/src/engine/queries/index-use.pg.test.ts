import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { compileQuery, trackerApi, trackerSdl } from '../../../test/engine/compile-kit.ts';
import { readModel } from '../../../test/engine/project.ts';
import { parameterText } from '../../data-plane/connections/wire/encode.ts';
import { applyPlan } from '../../../test/engine/apply-plan.ts';
import { createProjectSchema, dropProjectSchema } from '../../data-plane/schema.ts';
import { planMigration, projectNames } from '../migrations.ts';
import { textOf } from '../sql/sql.ts';
import type { Variables } from './plan.ts';

const database = useTestDatabase();
const names = projectNames('indexindexindex1');
let client: pg.PoolClient;

const board = '00000000-0000-7000-8000-000000000007';

beforeAll(async () => {
  client = await database.pool.connect();
  await createProjectSchema(client, names);
  const model = readModel(trackerSdl);
  const plan = planMigration(null, model, { project: names, baseVersion: 0 });
  await applyPlan(client, plan, { check: nothing, record: nothing });
  await client.query(
    `SET search_path = "${names.schema}"; SET max_parallel_workers_per_gather = 0`,
  );
  await client.query(`
    INSERT INTO board (id, key, name)
    SELECT ('00000000-0000-7000-8000-' || lpad(b::text, 12, '0'))::uuid,
      chr(65 + b / 676) || chr(65 + b / 26 % 26) || chr(65 + b % 26), 'Board'
    FROM generate_series(1, 700) AS b;
    INSERT INTO issue (id, number, title, status, board_id, created_at)
    SELECT md5(b || ' ' || n)::uuid, n, 'Issue ' || n, (ARRAY['TODO', 'DONE'])[1 + n % 2],
      ('00000000-0000-7000-8000-' || lpad(b::text, 12, '0'))::uuid,
      '2024-01-01Z'::timestamptz + n * interval '1 hour' + b * interval '1 minute'
    FROM generate_series(1, 700) AS b, generate_series(1, 150) AS n;
    ANALYZE board, issue;`);
});

afterAll(async () => {
  await client.query('RESET ALL');
  await dropProjectSchema(client, names);
  client.release();
});

/** Prepares a query in PostgreSQL and returns the EXECUTE command for it. */
async function prepare(text: string, given: Variables): Promise<string> {
  const { statement, values } = compileQuery(trackerApi, text, given);
  await client.query('DEALLOCATE ALL');
  await client.query(`PREPARE query AS ${textOf(statement.template, names.schema)}`);
  const literals = values
    .map(parameterText)
    .map((value) => (value === null ? 'NULL' : client.escapeLiteral(value)));
  return literals.length === 0 ? 'EXECUTE query' : `EXECUTE query (${literals.join()})`;
}

/** Runs the query with its generic plan and returns the output of EXPLAIN ANALYZE. */
async function planOf(text: string, given: Variables = {}): Promise<string> {
  const execute = await prepare(text, given);
  await client.query('SET plan_cache_mode = force_generic_plan');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) ${execute}`,
  );
  await client.query('RESET plan_cache_mode');
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** The cursor of the 20th row. */
async function cursorOf(list: string): Promise<string> {
  const { statement } = compileQuery(trackerApi, `{ issues(${list}) { edges { cursor } } }`);
  const { rows } = await client.query<{ c0: { edges: { cursor: string }[] } }>(
    textOf(statement.template, names.schema),
  );
  return rows[0]?.c0.edges[19]?.cursor ?? '';
}

const page = 'edges { cursor node { title board { name } } } pageInfo { hasNextPage endCursor }';

describe('a query uses an index', () => {
  it('to read the first page and only one row after it', async () => {
    const plan = await planOf(`query ($n: Int) { issues(first: $n) { ${page} } }`, { n: 5 });
    expect(plan).toMatch(/Index Scan using "issue:pkey" on issue .*rows=6\.00 loops=1/);
    // The relation is not read for the row beyond the page.
    expect(plan).toMatch(/Index Scan using "board:pkey" on board .*loops=5/);
    expect(plan).not.toMatch(/Seq Scan|Sort/);
  });

  it('to find the page after a cursor', async () => {
    const after = await cursorOf('orderBy: []');
    const plan = await planOf(
      `query ($after: Cursor) { issues(first: 5, after: $after) { ${page} } }`,
      { after },
    );
    expect(plan).toMatch(
      /Index Scan using "issue:pkey" on issue .*rows=6\.00[^]*Index Cond: \(id > /,
    );
    expect(plan).not.toMatch(/Seq Scan|Sort/);
  });

  it('to sort a nested list by a unique key', async () => {
    const after = await cursorOf('orderBy: { number: DESC }');
    const plan = await planOf(
      `query ($board: ID!, $after: Cursor) {
        board(where: { id: $board }) { issues(orderBy: { number: DESC }, after: $after) { nodes { id } } }
      }`,
      { board, after },
    );
    expect(plan).toMatch(
      /Index Scan Backward using "issue:board_id:number:unique"[^]*Index Cond: \(\(board_id = t1\.id\) AND \(number < /,
    );
    expect(plan).not.toMatch(/Seq Scan|Sort/);
  });

  it('to filter and sort a page', async () => {
    const plan = await planOf(
      `query ($board: ID!, $status: Status!) {
        issues(where: { boardId: { eq: $board }, status: { eq: $status } }, orderBy: { createdAt: DESC }, first: 5) { nodes { id } }
      }`,
      { board, status: 'TODO' },
    );
    expect(plan).toMatch(
      /Index Scan Backward using "issue:board_id:status:created_at:index"[^]*Index Cond: \(\(board_id = .*\) AND \(status = /,
    );
    expect(plan).not.toContain('Seq Scan');
  });

  it('to filter by a field of a related row', async () => {
    const plan = await planOf(
      `query ($key: String!) { issues(where: { board: { key: { eq: $key } } }, first: 5) { nodes { id } } }`,
      { key: 'AAH' },
    );
    expect(plan).toContain('using "board:key:unique" on board');
    expect(plan).not.toContain('Seq Scan');
  });
});

it('uses one generic plan for all page sizes', async () => {
  const execute = await prepare(`query ($n: Int) { issues(first: $n) { ${page} } }`, { n: 5 });
  for (let count = 0; count < 8; count += 1) await client.query(execute);
  const { rows } = await client.query(
    'SELECT generic_plans::int AS generic, custom_plans::int AS custom FROM pg_prepared_statements',
  );
  // PostgreSQL uses custom plans for the first five executions, to compare their cost with that of a generic plan.
  expect(rows).toEqual([{ generic: 3, custom: 5 }]);
});

async function nothing(): Promise<void> {
  // Applying a migration plan requires callbacks, but these tests have nothing to check or record.
}
