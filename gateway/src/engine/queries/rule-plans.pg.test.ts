import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { applyPlan } from '../../../test/engine/apply-plan.ts';
import { readRequest, trackerSdl } from '../../../test/engine/compile-kit.ts';
import { readModel } from '../../../test/engine/project.ts';
import { withRules } from '../../../test/engine/with-rules.ts';
import { parameterText } from '../../data-plane/connections/wire/encode.ts';
import { createProjectSchema, dropProjectSchema } from '../../data-plane/schema.ts';
import { buildApi } from '../api/build-api.ts';
import { planMigration, projectNames } from '../migrations.ts';
import { profileOf, subjectVariables, type Subject } from '../rules/subject.ts';
import { textOf } from '../sql/sql.ts';
import { compileOperation } from './operation.ts';

// How PostgreSQL runs statements with access rules: 700 boards, 105,000 issues and 210,000 comments. Each of the 700
// users is a member of three boards.

const database = useTestDatabase();
const names = projectNames('rulesrulesrules1');
let client: pg.PoolClient;

const model = readModel(
  withRules(
    trackerSdl,
    `
    extend type User @user @allow(to: [READ], where: { id: { eq: "$user.id" } })
    extend type Board @allow(to: [READ], where: { members: { some: { userId: { eq: "$user.id" } } } })
    extend type Issue
      @allow(to: [READ], where: { board: { members: { some: { userId: { eq: "$user.id" } } } } })
      @allow(to: [READ], where: { assignee: { id: { eq: "$user.id" } } })
    extend type Comment
      @allow(to: [READ], where: { issue: { board: { members: { some: { userId: { eq: "$user.id" } } } } } })
    extend type Membership @allow(to: [READ], where: { user: { id: { eq: "$user.id" } } })`,
  ),
);
const idOf = (letter: string, number: number) =>
  `00000000-0000-7000-8${letter.repeat(3)}-${String(number).padStart(12, '0')}`;
const subject: Subject = {
  audience: 'USER',
  user: { field: 'id', value: idOf('a', 5) },
  claims: {},
  verifiedEmail: null,
};
const api = buildApi(model, {
  read: 'ALL',
  write: 'ALL',
  introspect: true,
  rules: profileOf(model, subject),
});

beforeAll(async () => {
  client = await database.pool.connect();
  await createProjectSchema(client, names);
  const plan = planMigration(null, model, { project: names, baseVersion: 0 });
  await applyPlan(client, plan, { check: nothing, record: nothing });
  const id = (letter: string, number: string) =>
    `('00000000-0000-7000-8${letter.repeat(3)}-' || lpad((${number})::text, 12, '0'))::uuid`;
  await client.query(
    `SET search_path = "${names.schema}"; SET max_parallel_workers_per_gather = 0`,
  );
  const fill = [
    `INSERT INTO "user" (id, email, name)
     SELECT ${id('a', 'n')}, n || '@example.org', 'User ' || n FROM generate_series(1, 700) AS n`,
    `INSERT INTO board (id, key, name)
     SELECT ${id('b', 'n')}, chr(65 + n / 676) || chr(65 + n / 26 % 26) || chr(65 + n % 26), 'Board'
     FROM generate_series(1, 700) AS n`,
    `INSERT INTO membership (id, role, board_id, user_id)
     SELECT ${id('c', '3 * n + i')}, 'MEMBER', ${id('b', '1 + (n * 7 + i * 31) % 700')}, ${id('a', 'n')}
     FROM generate_series(1, 700) AS n, generate_series(0, 2) AS i`,
    `INSERT INTO issue (id, number, title, status, board_id, assignee_id, created_at)
     SELECT ${id('d', '1000 * b + n')}, n, 'Issue ' || n, 'TODO', ${id('b', 'b')}, ${id('a', '1 + (b + n) % 700')},
       '2024-01-01Z'::timestamptz + n * interval '1 hour' + b * interval '1 minute'
     FROM generate_series(1, 700) AS b, generate_series(1, 150) AS n`,
    `INSERT INTO comment (id, text, issue_id, author_id)
     SELECT ${id('e', '2000 * b + 2 * n + i')}, 'Text', ${id('d', '1000 * b + n')}, ${id('a', 'b')}
     FROM generate_series(1, 700) AS b, generate_series(1, 150) AS n, generate_series(0, 1) AS i`,
    'ANALYZE "user", board, membership, issue, comment',
  ];
  // Foreign keys are not checked, so that this takes less time.
  await client.query("SET session_replication_role = 'replica'");
  for (const statement of fill) await client.query(statement);
  await client.query('RESET session_replication_role');
});

afterAll(async () => {
  await client.query('RESET ALL');
  await dropProjectSchema(client, names);
  client.release();
});

/** Runs a query with its generic plan, which serves all callers, and returns the output of EXPLAIN ANALYZE. */
async function planOf(text: string): Promise<string> {
  const { document, variables: given } = readRequest(api, text, {});
  const variables = { ...given, ...subjectVariables(model, subject) };
  const plan = compileOperation({ api, document, operationName: null, variables });
  if (plan.kind !== 'QUERY' || plan.statement === null) throw new Error('There is no statement.');
  const { template, parameters } = plan.statement;
  const values = parameters.map((parameter) => parameterText(parameter(variables)));
  const literals = values.map((value) => (value === null ? 'NULL' : client.escapeLiteral(value)));
  await client.query('DEALLOCATE ALL');
  await client.query(`PREPARE query AS ${textOf(template, names.schema)}`);
  await client.query('SET plan_cache_mode = force_generic_plan');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) EXECUTE query (${literals.join()})`,
  );
  await client.query('RESET plan_cache_mode');
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** The lines of a plan that read a table. */
const readsOf = (plan: string, table: string) =>
  plan.split('\n').filter((line) => new RegExp(` on "?${table}"? `).test(line));

describe('a rule over three relations', () => {
  it('finds the rows of a page among 210,000 rows by indexes', async () => {
    const plan = await planOf('{ comments { nodes { text } } }');
    expect(plan).toMatch(
      /Index Scan using "comment:issue_id:index" on comment .*rows=900\.00 loops=1/,
    );
    expect(plan).toMatch(/Index Cond: \(issue_id = ANY \(\(InitPlan \d+\)\.col1\)\)/);
    expect(plan).not.toContain('Seq Scan');
  });

  it('counts them by indexes', async () => {
    const plan = await planOf('{ comments { totalCount } }');
    expect(plan).toContain('using "comment:issue_id:index" on comment');
    expect(plan).not.toContain('Seq Scan');
  });
});

it('finds the rows of two alternatives by an index for each', async () => {
  const plan = await planOf('{ issues(orderBy: { createdAt: DESC }) { nodes { title } } }');
  expect(plan).toMatch(/BitmapOr[^]*Index Cond: \(board_id = ANY[^]*Index Cond: \(assignee_id = /);
  expect(plan).not.toContain('Seq Scan');
});

it('finds a row by its key, regardless of the rule', async () => {
  const plan = await planOf(`{ comment(where: { id: "${idOf('e', 2002)}" }) { text } }`);
  expect(plan).toMatch(/Index Scan using "comment:pkey" on comment/);
  expect(plan).not.toContain('Seq Scan');
});

it('finds memberships once in a statement, not for each row', async () => {
  const plan = await planOf(
    '{ boards { nodes { key issues(first: 3) { nodes { title comments { nodes { text } } } } } } }',
  );
  expect(readsOf(plan, 'comment')).toEqual([expect.stringContaining('loops=9')]);
  const once = readsOf(plan, 'membership');
  expect(once.length).toBe(3);
  for (const line of once) expect(line).toMatch(/loops=1\b|never executed/);
  // The foreign keys are compared with the id of the caller.
  expect(readsOf(plan, 'user')).toEqual([]);
  expect(plan).not.toContain('Seq Scan');
});

describe('a rule on the parent of a list', () => {
  const commentsOf = (number: number) =>
    planOf(
      `{ issue(where: { id: "${idOf('d', number)}" }) { comments { nodes { text } totalCount } } }`,
    );

  it('is tested with the parent, which is not read again', async () => {
    // The user is a member of board 36.
    const plan = await commentsOf(36_001);
    expect(readsOf(plan, 'issue')).toEqual([expect.stringContaining('rows=1.00 loops=1')]);
    expect(readsOf(plan, 'comment')).toEqual([
      expect.stringContaining('rows=2.00 loops=1'),
      expect.stringContaining('rows=2.00 loops=1'),
    ]);
    expect(plan).toMatch(/One-Time Filter: \(t1\.board_id = ANY \(\(InitPlan \d+\)\.col1\)\)/);
    expect(plan).not.toContain('Seq Scan');
  });

  it('reads no row of the list if the rule does not hold for the parent', async () => {
    // The issue is assigned to the user, who is not a member of its board.
    const plan = await commentsOf(3_001);
    expect(readsOf(plan, 'issue')).toEqual([expect.stringContaining('rows=1.00 loops=1')]);
    expect(readsOf(plan, 'comment')).toEqual([
      expect.stringContaining('never executed'),
      expect.stringContaining('never executed'),
    ]);
  });
});

async function nothing(): Promise<void> {
  // Applying a migration plan requires callbacks, but these tests have nothing to check or record.
}
