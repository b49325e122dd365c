import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useMutations, type MutationProject } from '../../../test/engine/mutations.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import type { StatementRunner } from '../sql/statement-runner.ts';

const database = useTestDatabase();
const cases = join(import.meta.dirname, 'cases');
const read = (name: string) => readFileSync(join(cases, name), 'utf8');
const project = useMutations(database, read('schema.graphql'));
/** A project whose keys come from sequences. */
const numbered = useMutations(
  database,
  `type Ticket @model { id: Int! @id  parts: [Part!]! }
   type Part @model { id: BigInt! @id  ticket: Ticket! }`,
);

beforeEach(async () => {
  await project().clear();
  await project().sql(read('data.sql'));
});

/**
 * Runs a mutation while a transaction holds the locks that `sql` acquires. The transaction commits when the mutation
 * waits for a lock.
 */
async function against(
  sql: string,
  mutation: () => Promise<unknown>,
  { names }: Pick<MutationProject, 'names'> = project(),
): Promise<Promise<unknown>> {
  let running: Promise<unknown> = Promise.resolve();
  const held = `SET LOCAL search_path = "${names.schema}"; ${sql}`;
  await whileHolding(database.pool, { sql: held }, async () => {
    running = mutation();
    // Prevents an unhandled rejection. The caller checks the result.
    running.catch(() => undefined);
    await untilWaiting(database.pool, 1);
  });
  return running;
}

const names = async ({ sql }: MutationProject) =>
  (await sql('SELECT name FROM label ORDER BY name')).map(({ name }) => name);

describe('an upsert that conflicts with a concurrent transaction', () => {
  it('updates the row in one statement', async () => {
    const upsert = `mutation { upsertLabel(where: { name: "new" }, create: { name: "new" }, update: { name: "newer" }) { name } }`;
    const data = await against(
      `INSERT INTO label (id, name) VALUES (gen_random_uuid(), 'new')`,
      () => project().mutate(upsert),
    );
    expect(data).toEqual({ upsertLabel: { name: 'newer' } });
    expect(await names(project())).toEqual(['bug', 'newer', 'urgent']);
  });

  it('updates the row after a retry of the whole request', async () => {
    const mutation = `mutation {
      first: createLabel(data: { name: "first" }) { name }
      upsertLabel(
        where: { name: "new" }
        create: { name: "new", issues: { connect: [{ id: "c0000000-0000-4000-8000-000000000001" }] } }
        update: { name: "newer", issues: { connect: [{ id: "c0000000-0000-4000-8000-000000000002" }] } }
      ) { name issues { nodes { number } } }
    }`;
    const data = await against(
      `INSERT INTO label (id, name) VALUES (gen_random_uuid(), 'new')`,
      () => project().mutate(mutation),
    );
    expect(data).toEqual({
      first: { name: 'first' },
      upsertLabel: { name: 'newer', issues: { nodes: [{ number: 2 }] } },
    });
    expect(await names(project())).toEqual(['bug', 'first', 'newer', 'urgent']);
  });

  it('inserts the row if the concurrent transaction deleted it', async () => {
    const upsert = `mutation { upsertLabel(where: { name: "bug" }, create: { name: "bug" }, update: { name: "x" }) { name } }`;
    const data = await against(`DELETE FROM label WHERE name = 'bug'`, () =>
      project().mutate(upsert),
    );
    expect(data).toEqual({ upsertLabel: { name: 'bug' } });
  });

  it('creates only one row if many upserts run concurrently', async () => {
    const runners = await Promise.all(Array.from({ length: 8 }, () => project().connect()));
    const upsert = `mutation ($name: String!) { upsertLabel(where: { name: $name }, create: { name: $name }, update: {}) { id } }`;
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const answers = await Promise.all(
        runners.map((runner) => project().mutate(upsert, { name }, { runner })),
      );
      expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    }
    expect(await names(project())).toEqual(['a', 'b', 'bug', 'c', 'd', 'e', 'urgent']);
  });

  it('fails with UNIQUE_VIOLATION if every attempt violates the unique key', async () => {
    const upsert = `mutation { upsertLabel(where: { id: "d0000000-0000-4000-8000-000000000009" }, create: { name: "bug" }, update: {}) { id } }`;
    await expect(project().mutate(upsert)).rejects.toMatchObject({
      code: 'UNIQUE_VIOLATION',
      fields: ['name'],
      path: ['upsertLabel'],
    });
  });
});

describe('a write that waits for a concurrent transaction', () => {
  it('updates only the rows that still match', async () => {
    const data = await against(`UPDATE issue SET number = 20 WHERE number = 2`, () =>
      project().mutate(
        `mutation { updateIssues(where: { number: { lt: 10 } }, data: { title: "x" }, atMost: 3) { nodes { number } } }`,
      ),
    );
    expect(data).toEqual({ updateIssues: { nodes: [{ number: 1 }, { number: 3 }] } });
  });

  it('fails with NOT_FOUND if the row was deleted', async () => {
    const update = `mutation { updateIssue(where: { id: "c0000000-0000-4000-8000-000000000003" }, data: { title: "x" }) { id } }`;
    const running = against(`DELETE FROM issue WHERE number = 3`, () => project().mutate(update));
    await expect(running).rejects.toMatchObject({ code: 'NOT_FOUND', path: ['updateIssue'] });
  });

  it('keeps the values that the concurrent transaction set in other columns', async () => {
    await against(`UPDATE issue SET title = 'theirs' WHERE number = 3`, () =>
      project().mutate(
        `mutation { updateIssue(where: { id: "c0000000-0000-4000-8000-000000000003" }, data: { status: DONE }) { id } }`,
      ),
    );
    expect(await project().sql('SELECT title, status FROM issue WHERE number = 3')).toEqual([
      { title: 'theirs', status: 'DONE' },
    ]);
  });

  it('fails with NOT_FOUND if the row to connect was deleted', async () => {
    const byKey = `mutation { createIssue(data: { number: 9, title: "x", board: { connect: { key: "TWO" } } }) { id } }`;
    const remove = `DELETE FROM board WHERE key = 'TWO'`;
    await expect(against(remove, () => project().mutate(byKey))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const byId = `mutation { createIssue(data: { number: 9, title: "x", board: { connect: { id: "b0000000-0000-4000-8000-000000000001" } } }) { id } }`;
    const removeOne = `DELETE FROM board WHERE key = 'ONE'`;
    await expect(against(removeOne, () => project().mutate(byId))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      issues: [{ path: ['createIssue', 'data', 'board', 'connect'] }],
    });
  });
});

/** Wraps a runner so that the statement with the given number is delayed until `go` is called. */
function delayed(runner: StatementRunner, number: number) {
  let count = 0;
  let go: () => void = () => undefined;
  let arrived: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  const run: StatementRunner['run'] = async (statement) => {
    count += 1;
    if (count === number) {
      arrived();
      await gate;
    }
    return runner.run(statement);
  };
  return { runner: { run }, go: () => go(), arrival };
}

describe('two requests that name the same rows in opposite orders', () => {
  const id = (number: number) => `c0000000-0000-4000-8000-00000000000${number}`;
  const update = (key: string, number: number, title: string) =>
    `${key}: updateIssue(where: { id: "${id(number)}" }, data: { title: "${title}" }) { id }`;

  it('lock the rows in the order of their ids, so that both succeed', async () => {
    const swap = (first: number, second: number) =>
      `mutation { ${update('a', first, `from ${first}`)} ${update('b', second, `from ${first}`)} }`;
    // The first request is delayed after it has locked both rows. The second one waits for the locks.
    const [one, other] = [delayed(await project().connect(), 3), await project().connect()];
    const first = outcome(project().mutate(swap(1, 2), {}, { runner: one.runner }));
    await one.arrival;
    const second = outcome(project().mutate(swap(2, 1), {}, { runner: other }));
    await untilWaiting(database.pool, 1);
    one.go();
    expect(await Promise.all([first, second])).toEqual(['done', 'done']);
    expect(await project().sql('SELECT DISTINCT title FROM issue WHERE number < 3')).toEqual([
      { title: 'from 2' },
    ]);
  });

  it('lock a row that is deleted against references to it', async () => {
    const mutation = `mutation { deleteIssue(where: { id: "${id(3)}" }) { id } ${update('b', 1, 'x')} }`;
    const data = await against('SELECT FROM issue WHERE number = 3 FOR KEY SHARE', () =>
      project().mutate(mutation),
    );
    expect(data).toEqual({ deleteIssue: { id: id(3) }, b: { id: id(1) } });
    expect(project().runner.statements.at(-4)?.text).toContain('FOR UPDATE OF t');
  });
});

describe('two requests in a deadlock', () => {
  it('result in one success and one CONFLICT that changes nothing', async () => {
    const swap = (first: number, second: number) => `mutation {
      a: updateIssues(where: { number: { eq: ${first} } }, data: { title: "from ${first}" }) { count }
      b: updateIssues(where: { number: { eq: ${second} } }, data: { title: "from ${first}" }) { count }
    }`;
    // Both requests run BEGIN and the first update, and are delayed before the second update.
    const [one, other] = [
      delayed(await project().connect(), 3),
      delayed(await project().connect(), 3),
    ];
    const both = Promise.all([
      outcome(project().mutate(swap(1, 2), {}, { runner: one.runner })),
      outcome(project().mutate(swap(2, 1), {}, { runner: other.runner })),
    ]);
    await Promise.all([one.arrival, other.arrival]);
    one.go();
    other.go();
    const outcomes = await both;
    expect([...outcomes].sort()).toEqual(['CONFLICT', 'done']);
    const winner = outcomes[0] === 'done' ? 'from 1' : 'from 2';
    expect(await project().sql('SELECT DISTINCT title FROM issue WHERE number < 3')).toEqual([
      { title: winner },
    ]);
  });
});

describe('keys that come from a sequence', () => {
  const createOne = 'mutation ($id: Int) { createTicket(data: { id: $id }) { id } }';
  const sequence = async () => {
    const [row] = await numbered().sql('SELECT last_value::int AS last FROM "ticket:id:seq"');
    return Number(row?.['last']);
  };

  beforeEach(async () => {
    await numbered().clear();
    await numbered().sql(
      'ALTER SEQUENCE "ticket:id:seq" RESTART; ALTER SEQUENCE "part:id:seq" RESTART',
    );
  });

  it('never collide except with a UNIQUE_VIOLATION, if some requests bring numbers', async () => {
    const { mutate, sql, connect } = numbered();
    const runners = await Promise.all(Array.from({ length: 6 }, () => connect()));
    const mutations: readonly [text: string, rows: number][] = [
      ['createTicket(data: {}) { id }', 1],
      ['createTickets(data: [{}, {}, {}]) { count }', 3],
      ['createTicket(data: { parts: { create: [{}, {}] } }) { id }', 1],
      ['createPart(data: { ticket: { create: {} } }) { id }', 1],
      ['createTickets(data: [{}, { id: $id }, {}]) { count }', 3],
      ['createTicket(data: { id: $id }) { id }', 1],
    ];
    let rows = 0;
    for (let round = 0; round < 12; round += 1) {
      await Promise.all(
        mutations.map(async ([text, count], index) => {
          const runner = runners[(index + round) % runners.length];
          if (runner === undefined) throw new Error('Expected a connection for each mutation.');
          const head = text.includes('$id') ? 'mutation ($id: Int)' : 'mutation';
          // The number is close to those that the other requests draw at the same time.
          const variables = { id: (await sequence()) + index };
          const ended = await outcome(mutate(`${head} { ${text} }`, variables, { runner }));
          expect(['done', 'UNIQUE_VIOLATION']).toContain(ended);
          if (ended === 'done') rows += count;
        }),
      );
    }
    const [stored] = await sql('SELECT count(*)::int AS rows, max(id)::int AS largest FROM ticket');
    expect(stored?.['rows']).toBe(rows);
    expect(rows).toBeGreaterThan(12 * 6);
    // Nothing can collide any more after the last request.
    expect(await mutate('mutation { createTickets(data: [{}, {}]) { count } }')).toEqual({
      createTickets: { count: 2 },
    });
    expect(await sequence()).toBeGreaterThanOrEqual(Number(stored?.['largest']));
  });

  it('are not moved back by a request that waits while another one moves them further', async () => {
    const created = await against(
      `LOCK TABLE ticket IN SHARE UPDATE EXCLUSIVE MODE; SELECT setval('"ticket:id:seq"', 70)`,
      () => numbered().mutate(createOne, { id: 60 }),
      numbered(),
    );
    expect(created).toEqual({ createTicket: { id: 60 } });
    expect(await numbered().mutate(createOne)).toEqual({ createTicket: { id: 71 } });
  });

  it('fail with UNIQUE_VIOLATION if a concurrent request brings the same number', async () => {
    const running = against(
      'INSERT INTO ticket (id) VALUES (60)',
      () => numbered().mutate(createOne, { id: 60 }),
      numbered(),
    );
    await expect(running).rejects.toMatchObject({
      code: 'UNIQUE_VIOLATION',
      fields: ['id'],
      path: ['createTicket'],
    });
    // The sequence is past the number although the request failed.
    expect(await numbered().mutate(createOne)).toEqual({ createTicket: { id: 61 } });
  });

  it('fail with UNIQUE_VIOLATION for numbers that SQL inserted, and succeed after these', async () => {
    await numbered().sql('INSERT INTO ticket (id) VALUES (1), (2)');
    const attempts = [1, 2, 3].map(() => () => outcome(numbered().mutate(createOne)));
    const outcomes: unknown[] = [];
    for (const attempt of attempts) outcomes.push(await attempt());
    expect(outcomes).toEqual(['UNIQUE_VIOLATION', 'UNIQUE_VIOLATION', 'done']);
  });
});
