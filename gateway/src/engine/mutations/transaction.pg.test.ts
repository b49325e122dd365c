import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useMutations } from '../../../test/engine/mutations.ts';
import type { StatementRunner } from '../sql/statement-runner.ts';

const database = useTestDatabase();
const cases = join(import.meta.dirname, 'cases');
const read = (name: string) => readFileSync(join(cases, name), 'utf8');
const project = useMutations(database, read('schema.graphql'));

beforeEach(async () => {
  await project().clear();
  await project().sql(read('data.sql'));
  project().runner.statements.length = 0;
});

const texts = () => project().runner.statements.map(({ text }) => text.split(' ')[0]);

describe('a mutation with one write', () => {
  const board = 'b0000000-0000-4000-8000-000000000001';
  it.each([
    ['createLabel(data: { name: "x" }) { id name }'],
    [`createIssue(data: { number: 9, title: "x", board: { connect: { id: "${board}" } } }) { id }`],
    ['createLabels(data: [{ name: "x" }, { name: "y" }]) { count }'],
    [
      'createBoard(data: { key: "XX", name: "X", issues: { create: [{ number: 1, title: "x" }] } }) { id }',
    ],
    ['updateLabel(where: { name: "bug" }, data: { name: "x" }) { name }'],
    ['updateIssues(where: {}, data: { status: DONE }, atMost: 9) { count }'],
    ['upsertLabel(where: { name: "x" }, create: { name: "x" }, update: { name: "y" }) { name }'],
    [`deleteBoard(where: { key: "ONE" }) { issues { nodes { comments { totalCount } } } }`],
    ['deleteIssues(where: {}, atMost: 9) { count }'],
  ])('runs as a single statement: %s', async (field) => {
    await project().mutate(`mutation { ${field} }`);
    expect(project().runner.statements).toHaveLength(1);
  });

  it.each([
    ['createLabels(data: [{ name: "x" }, { name: "y" }]) { count nodes { name } }', 'INSERT'],
    ['updateIssues(where: {}, data: { status: DONE }, atMost: 9) { nodes { status } }', 'WITH'],
    ['deleteIssues(where: {}, atMost: 9) { count nodes { board { name } } }', 'WITH'],
  ])('runs in a transaction if it returns a list of rows: %s', async (field, statement) => {
    await project().mutate(`mutation { ${field} }`);
    expect(texts()).toEqual(['BEGIN', statement, 'COMMIT']);
  });

  it.each([
    ['createBadge(data: { code: $code, userId: $user }) { code }', 'INSERT'],
    ['updateBadge(where: { id: $badge }, data: { code: $code }) { code }', 'UPDATE'],
    [
      'upsertBadge(where: { id: $badge }, create: { code: "x", userId: $user }, update: { code: $code }) { code }',
      'WITH',
    ],
    ['deleteBadge(where: { id: $badge }) { code }', 'DELETE'],
  ])('runs again in a transaction if its row is long: %s', async (field, statement) => {
    const code = 'ä'.repeat(70_000);
    const ids = {
      user: 'e0000000-0000-4000-8000-000000000001',
      badge: 'f0000000-0000-4000-8000-000000000001',
    };
    await project().sql(
      `INSERT INTO "user" (id, email, name) VALUES ($1, 'e@example.com', 'E'), ($2, 'f@example.com', 'F')`,
      [ids.user, ids.badge],
    );
    await project().sql(`INSERT INTO badge (id, code, user_id) VALUES ($1, $2, $1)`, [
      ids.badge,
      code,
    ]);
    const types = { code: 'String!', user: 'ID!', badge: 'ID!' };
    const declared = Object.entries(types)
      .filter(([name]) => field.includes(`$${name}`))
      .map(([name, type]) => `$${name}: ${type}`);
    const text = `mutation (${declared.join()}) { row: ${field} }`;
    expect(await project().mutate(text, { code, ...ids })).toEqual({ row: { code } });
    expect(texts()).toEqual([statement, 'BEGIN', statement, 'COMMIT']);
  });

  it('runs no statement if nothing is written', async () => {
    expect(await project().mutate('mutation { __typename a: __typename }')).toEqual({
      __typename: 'Mutation',
      a: 'Mutation',
    });
    expect(project().runner.statements).toEqual([]);
  });
});

describe("a mutation's statements", () => {
  it('run in one transaction and leave a usable connection after a failure', async () => {
    const failing = `mutation {
      a: createLabel(data: { name: "a" }) { id }
      b: deleteLabel(where: { name: "urgent" }) { id }
      c: createLabel(data: { name: "bug" }) { id }
      d: createLabel(data: { name: "d" }) { id }
    }`;
    await expect(project().mutate(failing)).rejects.toMatchObject({
      code: 'UNIQUE_VIOLATION',
      path: ['c'],
    });
    expect(texts()).toEqual(['BEGIN', 'INSERT', 'DELETE', 'INSERT', 'ROLLBACK']);
    expect(await project().sql('SELECT name FROM label ORDER BY name')).toEqual([
      { name: 'bug' },
      { name: 'urgent' },
    ]);
    await project().mutate('mutation { createLabel(data: { name: "c" }) { id } }');
    expect(await project().sql(`SELECT 1 AS found FROM label WHERE name = 'c'`)).toHaveLength(1);
  });

  it('are rolled back after an unexpected error, which is rethrown unchanged', async () => {
    const failure = new Error('The connection was lost.');
    const { runner } = project();
    const breaking: StatementRunner = {
      run: (statement) =>
        statement.text === 'COMMIT' ? Promise.reject(failure) : runner.run(statement),
    };
    const two =
      'mutation { a: createLabel(data: { name: "a" }) { id } b: createLabel(data: { name: "b" }) { id } }';
    await expect(project().mutate(two, {}, { runner: breaking })).rejects.toBe(failure);
    expect(texts()).toEqual(['BEGIN', 'INSERT', 'INSERT', 'ROLLBACK']);
    expect(await project().sql('SELECT count(*)::int AS labels FROM label')).toEqual([
      { labels: 2 },
    ]);
  });

  it("use the transaction's start time as the update time", async () => {
    await project().mutate(`mutation {
      a: updateIssue(where: { id: "c0000000-0000-4000-8000-000000000001" }, data: { title: "a" }) { id }
      b: updateIssue(where: { id: "c0000000-0000-4000-8000-000000000002" }, data: { title: "b" }) { id }
      c: createIssue(data: { number: 9, title: "c", boardId: "b0000000-0000-4000-8000-000000000001" }) { id }
    }`);
    const rows = await project().sql(
      `SELECT count(DISTINCT updated_at)::int AS times FROM issue WHERE number <> 3`,
    );
    expect(rows).toEqual([{ times: 1 }]);
  });
});

describe('the order of created rows', () => {
  it('matches the order of ten thousand rows in the input', async () => {
    const data = Array.from({ length: 10_000 }, (_, index) => ({ name: `label ${index}` }));
    const answer = await project().mutate(
      'mutation ($data: [LabelCreateInput!]!) { createLabels(data: $data) { count nodes { id name } } }',
      { data },
    );
    // The type matches the selection in the document.
    const { createLabels: created } = answer as {
      createLabels: { count: number; nodes: { id: string; name: string }[] };
    };
    expect(created.count).toBe(10_000);
    expect(created.nodes.map(({ name }) => name)).toEqual(data.map(({ name }) => name));
    const ids = created.nodes.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
  });

  it('matches the order of the input if the caller sets the ids', async () => {
    const ids = ['f', '1', '9'].map((digit) => `${digit}0000000-0000-4000-8000-000000000000`);
    const data = ids.map((id) => ({ id: id.toUpperCase(), name: id }));
    const create =
      'mutation ($data: [LabelCreateInput!]!) { createLabels(data: $data) { nodes { id } } }';
    expect(await project().mutate(create, { data })).toEqual({
      createLabels: { nodes: ids.map((id) => ({ id })) },
    });
  });
});
