import { requestLimits } from '../limits.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { fullAccess, useMutations } from '../../../test/engine/mutations.ts';

const database = useTestDatabase();
const cases = join(import.meta.dirname, 'cases');
const read = (name: string) => readFileSync(join(cases, name), 'utf8');
const project = useMutations(database, read('schema.graphql'));

beforeEach(async () => {
  await project().clear();
  await project().sql(read('data.sql'));
  project().runner.statements.length = 0;
});

const board = 'b0000000-0000-4000-8000-000000000001';
const missing = 'a0000000-0000-4000-8000-00000000000f';

interface Refusal {
  readonly code: string;
  readonly path: readonly string[];
  readonly fields?: readonly string[];
}

describe('a write that the database rejects', () => {
  it.each<[string, string, Refusal]>([
    [
      'a duplicate unique key with several fields',
      `createIssue(data: { number: 1, title: "x", boardId: "${board}" }) { id }`,
      { code: 'UNIQUE_VIOLATION', path: ['createIssue'], fields: ['boardId', 'number'] },
    ],
    [
      'a duplicate unique key in nested rows',
      `createBoard(data: { key: "XX", name: "X", issues: { create: [{ number: 1, title: "a" }, { number: 1, title: "b" }] } }) { id }`,
      { code: 'UNIQUE_VIOLATION', path: ['createBoard'], fields: ['boardId', 'number'] },
    ],
    [
      'a duplicate id',
      `createLabel(data: { id: "d0000000-0000-4000-8000-000000000001", name: "x" }) { id }`,
      { code: 'UNIQUE_VIOLATION', path: ['createLabel'], fields: ['id'] },
    ],
    [
      'an update to a foreign key that references no row',
      `alias: updateIssues(where: {}, data: { assigneeId: "${missing}" }, atMost: 9) { count }`,
      { code: 'FOREIGN_KEY_VIOLATION', path: ['alias'], fields: ['assigneeId'] },
    ],
    [
      'a connect to a missing row in a many-to-many relation',
      `createLabel(data: { name: "x", issues: { connect: [{ id: "${missing}" }] } }) { id }`,
      { code: 'NOT_FOUND', path: ['createLabel'] },
    ],
    [
      'a deletion that cascades to a row that is still referenced',
      `deleteUsers(where: {}, atMost: 9) { count }`,
      { code: 'FOREIGN_KEY_VIOLATION', path: ['deleteUsers'], fields: ['comments'] },
    ],
  ])('reports %s', async (_what, field, refusal) => {
    await expect(project().mutate(`mutation { ${field} }`)).rejects.toMatchObject(refusal);
  });

  it('reports a violation of a check constraint that differs from the model', async () => {
    const { sql, names } = project();
    const check = `ALTER TABLE "${names.schema}".issue DROP CONSTRAINT "issue:title:max_length",
      ADD CONSTRAINT "issue:title:max_length" CHECK (char_length(title) <= `;
    await sql(`${check} 5)`);
    const create = `mutation { createIssue(data: { number: 9, title: "longer", boardId: "${board}" }) { id } }`;
    await expect(project().mutate(create)).rejects.toMatchObject({
      code: 'CHECK_VIOLATION',
      fields: ['title'],
      path: ['createIssue'],
    });
    await sql(`${check} 200)`);
  });

  it('reports null in a column that is nullable in the model but NOT NULL in the table', async () => {
    const { sql, names } = project();
    await sql('DELETE FROM profile WHERE user_id IS NULL');
    const change = (what: string) => `ALTER TABLE "${names.schema}".profile ALTER user_id ${what}`;
    await sql(change('SET NOT NULL'));
    const update = `mutation { updateUser(where: { email: "ann@example.com" }, data: { profile: { disconnect: true } }) { id } }`;
    await expect(project().mutate(update)).rejects.toMatchObject({
      code: 'CHECK_VIOLATION',
      fields: ['userId'],
    });
    await sql(change('DROP NOT NULL'));
  });

  it('reports text that is too long for a unique index', async () => {
    let seed = 1;
    // The text is random so that PostgreSQL cannot compress it.
    const name = Array.from({ length: 9000 }, () =>
      String.fromCharCode(0x4e00 + ((seed = (seed * 48_271) % 2_147_483_647) % 20_000)),
    ).join('');
    const create = 'mutation ($name: String!) { createLabel(data: { name: $name }) { id } }';
    await expect(project().mutate(create, { name })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      path: ['createLabel'],
    });
  });

  it('does not mention types that the caller is not allowed to read', async () => {
    const access = { ...fullAccess, read: new Set(['User']), write: new Set(['User']) };
    const remove = 'mutation { deleteUser(where: { email: "ann@example.com" }) { id } }';
    const error: unknown = await project()
      .mutate(remove, {}, { access })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'FOREIGN_KEY_VIOLATION', fields: [] });
    expect(String(error)).not.toMatch(/comment/i);
  });

  it("does not reveal PostgreSQL's error message", async () => {
    const create = `mutation { createIssue(data: { number: 1, title: "x", boardId: "${board}" }) { id } }`;
    const error: unknown = await project()
      .mutate(create)
      .catch((caught: unknown) => caught);
    expect(String(error)).not.toMatch(/board_id|constraint|duplicate|p_|relation/);
  });
});

describe('connecting rows that have the foreign key', () => {
  it.each([
    [
      'createIssue',
      `data: { number: 9, title: "x", boardId: "${board}", children: { connect: [{ id: "${missing}" }] } }`,
      ['children', 'connect', 0],
    ],
    [
      'createUser',
      `data: { email: "x@example.com", name: "X", profile: { connect: { id: "${missing}" } } }`,
      ['profile', 'connect'],
    ],
    [
      'updateBoard',
      `where: { key: "TWO" }, data: { name: "x", issues: { connect: [{ id: "c0000000-0000-4000-8000-000000000001" }, { id: "${missing}" }] } }`,
      ['issues', 'connect', 1],
    ],
  ])(
    'fails with NOT_FOUND for a missing row and writes nothing (%s)',
    async (name, args, place) => {
      await expect(project().mutate(`mutation { ${name}(${args}) { id } }`)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        path: [name],
        issues: [{ path: [name, 'data', ...place] }],
      });
      const written = await project().sql(
        `SELECT (SELECT count(*) FROM issue WHERE number = 9) + (SELECT count(*) FROM "user" WHERE name = 'X')
         + (SELECT count(*) FROM board WHERE name = 'x') AS count`,
      );
      expect(written).toEqual([{ count: '0' }]);
    },
  );

  it('fails if one row is connected to two rows', async () => {
    const child = '{ connect: [{ id: "c0000000-0000-4000-8000-000000000003" }] }';
    const create = `mutation { createIssues(data: [
      { number: 8, title: "x", boardId: "${board}", children: ${child} }
      { number: 9, title: "x", boardId: "${board}", children: ${child} }
    ]) { count } }`;
    await expect(project().mutate(create)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['createIssues', 'data', 1, 'children', 'connect', 0] }],
    });
  });
});

describe('invalid input', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `n${index}` }));

  it.each<[string, string, Record<string, unknown>, (string | number)[]]>([
    [
      'more named rows than a request allows',
      'mutation ($data: [LabelCreateInput!]!) { createLabels(data: $data) { count } }',
      { data: many(requestLimits.namedRows + 1) },
      ['createLabels', 'data', requestLimits.namedRows],
    ],
    [
      'more named rows than a request allows, counted over all fields and levels',
      'mutation ($data: [LabelCreateInput!]!, $more: [LabelCreateInput!]!) { createLabels(data: $data) { count } updateIssues(where: {}, data: { labels: { create: $more } }) { count } }',
      { data: many(requestLimits.namedRows - 1_000), more: many(1_001) },
      ['updateIssues', 'data', 'labels', 'create', 1_000],
    ],
    [
      'a negative atMost',
      'mutation { deleteIssues(where: {}, atMost: -1) { count } }',
      {},
      ['deleteIssues', 'atMost'],
    ],
    [
      'an atMost above the limit for rows that are returned',
      `mutation { updateIssues(where: {}, data: {}, atMost: ${requestLimits.atMost + 1}) { nodes { id } } }`,
      {},
      ['updateIssues', 'atMost'],
    ],
    [
      'an atMost above the limit for deleted rows that are returned',
      `mutation { deleteIssues(where: {}, atMost: ${requestLimits.atMost + 1}) { nodes { id } } }`,
      {},
      ['deleteIssues', 'atMost'],
    ],
    [
      'an atMost above the limit for rows whose relations change',
      `mutation { updateIssues(where: {}, data: { labels: { set: [] } }, atMost: ${requestLimits.atMost + 1}) { count } }`,
      {},
      ['updateIssues', 'atMost'],
    ],
    [
      'an atMost above the limit for rows that are only counted',
      `mutation { updateIssues(where: {}, data: {}, atMost: ${requestLimits.atMostCounted + 1}) { count } }`,
      {},
      ['updateIssues', 'atMost'],
    ],
    [
      'a null variable with a default, for a non-null argument',
      'mutation ($n: Int = 1) { deleteIssues(where: {}, atMost: $n) { count } }',
      { n: null },
      ['deleteIssues'],
    ],
    [
      'skipDuplicates with nested writes',
      'mutation { createLabels(skipDuplicates: true, data: [{ name: "x", issues: { connect: [{ id: "c0000000-0000-4000-8000-000000000001" }] } }]) { count } }',
      {},
      ['createLabels', 'skipDuplicates'],
    ],
    [
      'null for a required field in an update',
      'mutation { updateIssue(where: { id: "c0000000-0000-4000-8000-000000000001" }, data: { title: null }) { id } }',
      {},
      ['updateIssue', 'data', 'title'],
    ],
    [
      'null for a relation in an update',
      'mutation { updateIssue(where: { id: "c0000000-0000-4000-8000-000000000001" }, data: { assignee: null }) { id } }',
      {},
      ['updateIssue', 'data', 'assignee'],
    ],
    [
      'both a relation and its key in an update',
      'mutation { updateIssue(where: { id: "c0000000-0000-4000-8000-000000000001" }, data: { assigneeId: null, assignee: { disconnect: true } }) { id } }',
      {},
      ['updateIssue', 'data', 'assignee'],
    ],
    [
      'both connect and disconnect',
      'mutation { updateIssue(where: { id: "c0000000-0000-4000-8000-000000000001" }, data: { assignee: { disconnect: true, connect: { email: "x" } } }) { id } }',
      {},
      ['updateIssue', 'data', 'assignee'],
    ],
    [
      'an error in the branch of an upsert that would not run',
      'mutation { upsertIssue(where: { id: "c0000000-0000-4000-8000-000000000001" }, create: { number: 1, title: "x" }, update: {}) { id } }',
      {},
      ['upsertIssue', 'create', 'boardId'],
    ],
    [
      'null for a list',
      'mutation { updateIssue(where: { id: "c0000000-0000-4000-8000-000000000001" }, data: { labels: { set: null } }) { id } }',
      {},
      ['updateIssue', 'data', 'labels', 'set'],
    ],
  ])('is rejected before any statement runs: %s', async (_what, text, variables, path) => {
    await expect(project().mutate(text, variables)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      path: [path[0]],
      issues: [{ path }],
    });
    expect(project().runner.statements).toEqual([]);
  });
});

describe('an explicit null in a new row', () => {
  it('is ignored for a relation and stored for a scalar field', async () => {
    const create = `mutation { createIssue(data: { number: 9, title: "x", boardId: "${board}", board: null, assignee: null, parentId: null, labels: null, meta: null, estimate: null }) { parentId meta estimate tags } }`;
    expect(await project().mutate(create)).toEqual({
      createIssue: { parentId: null, meta: null, estimate: null, tags: ['new'] },
    });
  });
});
