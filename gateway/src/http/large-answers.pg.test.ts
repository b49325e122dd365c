import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { makeProject, readTracker, useTracker, type TestProject } from '../../test/project-api.ts';
import { projectNames } from '../engine/migrations.ts';
import { answerLimits } from '../platform/answer-budget.ts';

const app = useApp();
const tracker = useTracker(app);

/** Bytes of an answer that fits, but not twice. */
const large = 20 * 1_048_576;
const { perAnswer } = answerLimits;

/** Adds an issue with a body of this many bytes, and a comment for it. */
async function addIssue({ ref }: TestProject, number: number, bytes: number): Promise<void> {
  const { schema } = projectNames(ref);
  await app.database.pool.query(
    `WITH board AS (
       INSERT INTO ${schema}.board (id, key, name) VALUES (gen_random_uuid(), 'ONE', 'One')
       ON CONFLICT (key) DO UPDATE SET name = 'One' RETURNING id)
     INSERT INTO ${schema}.issue (id, number, title, body, board_id, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'Long', repeat('ü', $2), id, now(), now() FROM board`,
    [number, bytes / 2],
  );
}

const clear = ({ ref }: TestProject) =>
  app.database.pool.query(`TRUNCATE ${projectNames(ref).schema}.board CASCADE`);

const codes = async (asked: ReturnType<TestProject['ask']>) =>
  (await asked).errors?.map(({ extensions }) => extensions?.['code']);

const numbers = async (project: TestProject) => {
  const { issues } = await project.data(
    '{ issues(orderBy: [{ number: ASC }]) { nodes { number } } }',
  );
  // The type matches the selection in the document.
  return (issues as { nodes: { number: number }[] }).nodes.map(({ number }) => number);
};

const longIssue =
  'query ($number: Int!) { issues(where: { number: { eq: $number } }) { nodes { body } } }';

beforeEach(() => clear(tracker()));

describe('an answer that is too large', () => {
  beforeEach(async () => {
    await addIssue(tracker(), 1, 10);
    await addIssue(tracker(), 2, perAnswer + 2);
  });

  it('is refused with a message that says what to do', async () => {
    const { errors } = await tracker().ask(longIssue, { number: 2 });
    expect(errors).toMatchObject([{ extensions: { code: 'ANSWER_TOO_LARGE' } }]);
    expect(errors?.[0]?.message).toContain('Use first to request fewer rows');
    expect(await tracker().data(longIssue, { number: 1 })).toEqual({
      issues: { nodes: [{ body: 'üüüüü' }] },
    });
  });

  it.each([
    ['one row', 'deleteIssue(where: { id: $id }) { body }'],
    ['a list of rows', 'deleteIssues(where: {}, atMost: 9) { nodes { body } }'],
    ['an updated row', 'updateIssue(where: { id: $id }, data: { number: 7 }) { body }'],
    [
      'rows that are read back',
      'updateIssue(where: { id: $id }, data: { number: 7 }) { body board { name } }',
    ],
  ])('of a mutation is rolled back: %s', async (_, field) => {
    const { issues } = await tracker().data(
      '{ issues(where: { number: { eq: 2 } }) { nodes { id } } }',
    );
    // The type matches the selection in the document.
    const [{ id } = { id: '' }] = (issues as { nodes: { id: string }[] }).nodes;
    const text = field.includes('$id')
      ? `mutation ($id: ID!) { ${field} }`
      : `mutation { ${field} }`;
    expect(await codes(tracker().ask(text, { id }))).toEqual(['ANSWER_TOO_LARGE']);
    expect(await numbers(tracker())).toEqual([1, 2]);
  });

  it('can consist of several rows and root fields, each of which fits', async () => {
    await addIssue(tracker(), 3, large);
    await addIssue(tracker(), 4, large);
    const where = 'where: { number: { in: [3, 4] } }';
    expect(await codes(tracker().ask(`{ issues(${where}) { nodes { body } } }`))).toEqual([
      'ANSWER_TOO_LARGE',
    ]);
    const both = `mutation {
      a: deleteIssues(where: { number: { eq: 3 } }, atMost: 1) { nodes { body } }
      b: deleteIssues(where: { number: { eq: 4 } }, atMost: 1) { nodes { body } }
    }`;
    expect(await codes(tracker().ask(both))).toEqual(['ANSWER_TOO_LARGE']);
    expect(await numbers(tracker())).toEqual([1, 2, 3, 4]);
  });
});

describe('an answer that a client does not read', () => {
  let neighbor: TestProject;
  beforeAll(async () => {
    neighbor = await makeProject(app, await readTracker());
    await addIssue(neighbor, 1, large);
  });
  beforeEach(async () => {
    await addIssue(tracker(), 1, 10);
    await addIssue(tracker(), 2, large);
  });

  /** Requests the large answer and reads only its beginning. */
  async function requestWithoutReading({ endpoint, key }: TestProject): Promise<Socket> {
    const { port, pathname } = new URL(endpoint);
    const body = JSON.stringify({ query: longIssue, variables: { number: 2 } });
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    expect(chunk.toString('latin1', 0, 12)).toBe('HTTP/1.1 200');
    return socket;
  }

  it('keeps large answers of its project out until it has gone, but nothing else', async () => {
    const socket = await requestWithoutReading(tracker());
    try {
      expect(await codes(tracker().ask(longIssue, { number: 2 }))).toEqual(['OVERLOADED']);
      const remove = 'mutation { deleteIssues(where: {}, atMost: 9) { nodes { body } } }';
      expect(await codes(tracker().ask(remove))).toEqual(['OVERLOADED']);
      expect(await numbers(tracker())).toEqual([1, 2]);
      await neighbor.data(longIssue, { number: 1 });
    } finally {
      socket.destroy();
    }
    await expect
      .poll(() => codes(tracker().ask(longIssue, { number: 2 })), { timeout: 10_000 })
      .toBeUndefined();
  });
});

it.each([0, 1, 2, 3, 30_000, 32_766, 32_767, 32_768, 1_000_001])(
  'an answer with %i characters of several bytes arrives as it was stored',
  async (length) => {
    await addIssue(tracker(), 1, 2 * length);
    expect(await tracker().data(longIssue, { number: 1 })).toEqual({
      issues: { nodes: [{ body: 'ü'.repeat(length) }] },
    });
  },
);
