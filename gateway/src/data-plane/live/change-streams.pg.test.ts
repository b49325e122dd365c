import { describe, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { ann, bob, id, signedIn } from '../../../test/engine/boards.ts';
import { useLive, type Follower, type LiveProject } from '../../../test/live/live-kit.ts';
import type { LiveResults } from './live-results.ts';

const database = useTestDatabase();
const kit = useLive(database);

const sdl = `
  type User @model @user @live @allow(to: [READ]) { id: ID! @id  name: String!  notes: [Note!]! }
  type Note @model @live @allow(to: [READ], where: { authorId: { eq: "$user.id" } }) {
    id: ID! @id  title: String!  text: String  author: User! @relation(onDelete: CASCADE)
  }
`;

async function withNotes<T>(work: (project: LiveProject) => Promise<T>): Promise<T> {
  return kit.serve(sdl, async (project) => {
    await project.query(
      `INSERT INTO "user" (id, name) VALUES ('${ann}', 'Ann'), ('${bob}', 'Bob')`,
    );
    return work(project);
  });
}

const insert = (number: number, title: string, author = ann) =>
  `INSERT INTO note (id, title, author_id) VALUES ('${id(number)}', '${title}', '${author}')`;

interface Event {
  readonly cursor: string;
  readonly operation: string;
  readonly id: string | null;
  readonly node: { readonly title: string } | null;
  readonly changed: readonly string[];
}

const text = (args = '') =>
  `subscription { noteChanges${args} { cursor operation id node { title } changed } }`;

function eventOf(frame: unknown): Event {
  return (frame as { readonly data: { readonly noteChanges: Event } }).data.noteChanges;
}

const short = ({ operation, id: of, node }: Event): string =>
  `${operation} ${of === null ? '-' : Number(of.slice(-4))} ${node?.title ?? '-'}`;

/** Waits until the events are these. */
async function gets(follower: Follower, ...expected: readonly string[]): Promise<void> {
  await vi.waitFor(
    () => expect(follower.frames.map((frame) => short(eventOf(frame)))).toEqual(expected),
    waiting,
  );
}

const waiting = { timeout: 10_000, interval: 10 };

async function nextOf(results: LiveResults): Promise<Event> {
  return eventOf(JSON.parse(String((await results.next())?.json)));
}

describe('a change stream', () => {
  it('sends the changes of rows in the order of their transactions', async () => {
    await withNotes(async (project) => {
      const follower = await project.follow(text());
      await project.ask(
        `mutation { createNote(data: { id: "${id(1)}", title: "a", author: { connect: { id: "${ann}" } } }) { id } }`,
      );
      await gets(follower, 'CREATED 1 a');
      await project.query(insert(2, 'b'));
      await gets(follower, 'CREATED 1 a', 'CREATED 2 b');
      await project.query(`UPDATE note SET title = 'c', text = 'x' WHERE id = '${id(2)}'`);
      await gets(follower, 'CREATED 1 a', 'CREATED 2 b', 'UPDATED 2 c');
      await project.query(`DELETE FROM "user" WHERE id = '${ann}'`);
      await vi.waitFor(() => expect(follower.frames).toHaveLength(5), waiting);
      const events = follower.frames.map(eventOf);
      expect(new Set(events.slice(3).map(short))).toEqual(new Set(['DELETED 1 -', 'DELETED 2 -']));
      expect(new Set(events.map(({ cursor }) => cursor)).size).toBe(events.length);
    });
  });

  it('names the changed fields of an update', async () => {
    await withNotes(async (project) => {
      await project.query(insert(1, 'a'));
      const follower = await project.follow(text());
      await project.query(`UPDATE note SET title = 'b', author_id = '${bob}'`);
      await gets(follower, 'UPDATED 1 b');
      expect(new Set(eventOf(follower.frames[0]).changed)).toEqual(new Set(['title', 'authorId']));
    });
  });

  it('sees rows come and go by the filter and by the access rules', async () => {
    await withNotes(async (project) => {
      const ofBob = await project.follow(text('(where: { title: { neq: "hidden" } })'), {
        subject: signedIn(bob),
      });
      const all = await project.follow(text());
      await project.query(insert(1, 'a', ann));
      await gets(all, 'CREATED 1 a');
      await project.query(`UPDATE note SET author_id = '${bob}'`);
      await gets(all, 'CREATED 1 a', 'UPDATED 1 a');
      await gets(ofBob, 'CREATED 1 a');
      await project.query(`UPDATE note SET title = 'hidden'`);
      await gets(ofBob, 'CREATED 1 a', 'DELETED 1 -');
      await project.query(`UPDATE note SET title = 'b'`);
      await gets(ofBob, 'CREATED 1 a', 'DELETED 1 -', 'CREATED 1 b');
      await project.query(`UPDATE note SET author_id = '${ann}'`);
      await gets(ofBob, 'CREATED 1 a', 'DELETED 1 -', 'CREATED 1 b', 'DELETED 1 -');
    });
  });

  it('sends only the operations that the client asks for, and resets', async () => {
    await withNotes(async (project) => {
      const follower = await project.follow(text('(operations: [DELETED])'));
      const all = await project.follow(text());
      await project.query(insert(1, 'a'));
      await gets(all, 'CREATED 1 a');
      await project.query(`UPDATE note SET title = 'b'`);
      await gets(all, 'CREATED 1 a', 'UPDATED 1 b');
      await project.query('DELETE FROM note');
      await gets(follower, 'DELETED 1 -');
      await project.query('TRUNCATE note');
      await gets(follower, 'DELETED 1 -', 'RESET - -');
    });
  });

  it('sends a reset if a long value decides whether the row was visible', async () => {
    await withNotes(async (project) => {
      const where = '(where: { text: { startsWith: "a" } })';
      const ofServer = await project.follow(text(where));
      const ofBob = await project.follow(text(where), { subject: signedIn(bob) });
      await project.query(
        `INSERT INTO note (id, title, text, author_id) VALUES ('${id(1)}', 'a', (SELECT string_agg('a' || md5(n::text), '') FROM generate_series(1, 200) AS n), '${bob}')`,
      );
      await gets(ofServer, 'CREATED 1 a');
      await gets(ofBob, 'CREATED 1 a');
      await project.query(`DELETE FROM note`);
      await gets(ofServer, 'CREATED 1 a', 'DELETED 1 -');
      await gets(ofBob, 'CREATED 1 a', 'RESET - -');
    });
  });

  it('continues after a cursor, and begins at the end of the log without one', async () => {
    await withNotes(async (project) => {
      await project.query(insert(1, 'a'));
      const first = await project.subscribe(text());
      await project.query(`${insert(2, 'b')}; ${insert(3, 'c')}`);
      const { cursor } = await nextOf(first);
      first.close();
      await project.query(insert(4, 'd'));
      const follower = await project.follow(text(`(after: "${cursor}")`));
      await gets(follower, 'CREATED 3 c', 'CREATED 4 d');
      const { data } = await project.ask('{ notes { totalCount } changesCursor }');
      const { changesCursor } = data as { readonly changesCursor: string };
      await project.query(insert(5, 'e'));
      await gets(await project.follow(text(`(after: "${changesCursor}")`)), 'CREATED 5 e');
    });
  });

  it('begins with a read of the log that it shares with streams that begin at the same time', async () => {
    await withNotes(async (project) => {
      const first = await project.follow(text());
      const read = vi.spyOn(kit.changes, 'read');
      const followers = await Promise.all(Array.from({ length: 50 }, () => project.follow(text())));
      // The end of the log: reads from a position have one.
      const ends = read.mock.calls.filter(([, after]) => after === null).length;
      read.mockRestore();
      expect(ends).toBeLessThan(25);
      await project.query(insert(1, 'a'));
      for (const follower of [first, ...followers]) await gets(follower, 'CREATED 1 a');
    });
  });

  it('refuses a cursor that is not valid, and ends at one that has expired', async () => {
    await withNotes(async (project) => {
      await expect(project.subscribe(text('(after: "x")'))).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
      const cursor = await cursorOf(project);
      await project.query(insert(1, 'a'));
      await kit.changes.read(project.names.ref, null, { changes: 1, bytes: 1 });
      await kit.changes.trim(project.names.ref, { ageSeconds: 0, bytes: 0 });
      const follower = await project.follow(text(`(after: "${cursor}")`));
      await follower.fails('CURSOR_EXPIRED');
      await follower.ends();
    });
  });

  it('does not buffer for a slow client', async () => {
    await withNotes(async (project) => {
      const slow = await project.subscribe(text());
      const first = nextOf(slow);
      await project.query(insert(1, 'a'));
      expect(short(await first)).toBe('CREATED 1 a');
      const quick = await project.follow(text());
      const before = kit.subscriptions.stats().scheduler.rows;
      await project.query(`UPDATE note SET title = 'b'`);
      await gets(quick, 'UPDATED 1 b');
      await project.query(`UPDATE note SET title = 'c'`);
      await gets(quick, 'UPDATED 1 b', 'UPDATED 1 c');
      // Only the quick client's rows were evaluated.
      expect(kit.subscriptions.stats().scheduler.rows - before).toBe(2);
      // One event leads to the present state.
      expect(short(await nextOf(slow))).toBe('UPDATED 1 c');
      slow.close();
    });
  });

  it('is not evaluated for changes that it cannot see', async () => {
    await withNotes(async (project) => {
      const ofUser = '(where: { authorId: { eq: "AUTHOR" } })';
      const [ofAnn, ofBob] = await Promise.all(
        [ann, bob].map((author) => project.follow(text(ofUser.replace('AUTHOR', author)))),
      );
      if (ofAnn === undefined || ofBob === undefined) throw new Error('Expected two streams.');
      const before = kit.subscriptions.stats().scheduler.rows;
      await project.query(`UPDATE "user" SET name = 'x'`);
      await project.query(insert(1, 'a', bob));
      await project.query(insert(2, 'b', bob));
      await gets(ofBob, 'CREATED 1 a', 'CREATED 2 b');
      await project.query(insert(3, 'c', ann));
      await gets(ofAnn, 'CREATED 3 c');
      expect(kit.subscriptions.stats().scheduler.rows - before).toBeLessThanOrEqual(3);
    });
  });

  it('deletes a row that a client has read between its creation and its deletion', async () => {
    await withNotes(async (project) => {
      const slow = await project.subscribe(text());
      await project.query(insert(1, 'a'));
      // A client that reads the rows now has this one.
      await project.query('DELETE FROM note');
      expect(short(await nextOf(slow))).toBe('DELETED 1 -');
      slow.close();
    });
  });

  it('delivers no event that the rules of a new version do not permit', async () => {
    await withNotes(async (project) => {
      const cursor = await cursorOf(project);
      const slow = await project.subscribe(text(`(after: "${cursor}")`), {
        subject: signedIn(ann),
      });
      await project.query(`BEGIN; ${insert(1, 'a')}; ${insert(2, 'b')}; ${insert(3, 'c')}; COMMIT`);
      expect(short(await nextOf(slow))).toBe('CREATED 1 a');
      await project.deploy(sdl.replace('{ authorId: {', '{ title: { neq: "b" }, authorId: {'));
      project.notify();
      expect(short(await nextOf(slow))).toBe('CREATED 3 c');
      await project.query(`UPDATE note SET text = 'x'`);
      const changed = [await nextOf(slow), await nextOf(slow)].map(short);
      expect(changed.sort()).toEqual(['UPDATED 1 a', 'UPDATED 3 c']);
      slow.close();
    });
  });

  it('is not delayed by transactions of others that stay open', async () => {
    await withNotes(async (project) => {
      const { schema } = project.names;
      const follower = await project.follow(text());
      const open = [await database.pool.connect(), await database.pool.connect()];
      try {
        // One has only read and has an id. The other has written to the log.
        await open[0]?.query(`BEGIN; SELECT pg_current_xact_id(); SELECT FROM "${schema}".note`);
        await open[1]?.query(
          `BEGIN; INSERT INTO "${schema}".note (id, title, author_id) VALUES ('${id(9)}', 'later', '${ann}')`,
        );
        await project.query(insert(1, 'a'));
        await gets(follower, 'CREATED 1 a');
        await project.query(insert(2, 'b'));
        await gets(follower, 'CREATED 1 a', 'CREATED 2 b');
        await open[1]?.query('COMMIT');
        await gets(follower, 'CREATED 1 a', 'CREATED 2 b', 'CREATED 9 later');
      } finally {
        for (const client of open) {
          await client.query('ROLLBACK');
          client.release();
        }
      }
    });
  });

  it('never shows a state that is older than one before', async () => {
    const counters = 'type Counter @model @live { id: ID! @id  value: Int! }';
    await kit.serve(counters, async (project) => {
      const values = new Map<string, number>();
      let events = 0;
      const results = await project.subscribe(
        'subscription { counterChanges { node { id value } } }',
      );
      const reading = (async () => {
        for (let next = await results.next(); next !== null; next = await results.next()) {
          const { data } = JSON.parse(String(next.json)) as {
            data: { counterChanges: { node: { id: string; value: number } } };
          };
          const { node } = data.counterChanges;
          expect(node.value).toBeGreaterThanOrEqual(values.get(node.id) ?? 0);
          values.set(node.id, node.value);
          events += 1;
        }
      })();
      await project.query(
        `INSERT INTO counter (id, value) SELECT gen_random_uuid(), 0 FROM generate_series(1, 5)`,
      );
      await vi.waitFor(() => expect(values.size).toBe(5), waiting);
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let round = 0; round < 25; round += 1) {
          await database.pool.query(
            `UPDATE "${project.names.schema}".counter SET value = value + 1 WHERE ctid = (SELECT ctid FROM "${project.names.schema}".counter ORDER BY id OFFSET ${(round + writer) % 5} LIMIT 1)`,
          );
        }
      });
      await Promise.all(writers);
      const [row] = await project.query('SELECT sum(value)::int AS total FROM counter');
      const total = () => [...values.values()].reduce((sum, value) => sum + value, 0);
      await vi.waitFor(() => expect(total()).toBe(row?.['total']), waiting);
      expect(events).toBeGreaterThanOrEqual(10);
      results.close();
      await reading;
    });
  });

  it('compares rows with lists of lists', async () => {
    const lists = 'type Item @model @live { id: ID! @id  name: String!  cells: [JSON!]!  e: Int }';
    await kit.serve(lists, async (project) => {
      const text = `subscription { itemChanges(where: { name: { eq: "x" } }) { operation node { cells } } }`;
      const follower = await project.follow(text);
      await project.query(
        `INSERT INTO item (id, name, cells) VALUES ('${id(1)}', 'x', ARRAY['[1]', '[2, [3]]', '{"a": "b, \\"c"}']::jsonb[]), ('${id(2)}', 'x', '{}')`,
      );
      await vi.waitFor(() => expect(follower.frames).toHaveLength(2), waiting);
      await project.query(`UPDATE item SET name = 'y'`);
      await vi.waitFor(() => expect(follower.frames).toHaveLength(4), waiting);
      const event = (operation: string, node: unknown) => ({
        data: { itemChanges: { operation, node } },
      });
      expect(follower.frames).toEqual([
        event('CREATED', { cells: [[1], [2, [3]], { a: 'b, "c' }] }),
        event('CREATED', { cells: [] }),
        event('DELETED', null),
        event('DELETED', null),
      ]);
    });
  });

  it('reads many changes in parts', async () => {
    await withNotes(async (project) => {
      const follower = await project.follow(text());
      await project.query(
        `INSERT INTO note (id, title, author_id) SELECT ('a0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'n' || n, '${ann}' FROM generate_series(1, 3000) AS n`,
      );
      await vi.waitFor(() => expect(follower.frames).toHaveLength(3_000), {
        timeout: 20_000,
        interval: 20,
      });
      const ids = follower.frames.map((frame) => eventOf(frame).id);
      expect(new Set(ids).size).toBe(3_000);
    });
  });
});

/** Returns the cursor after the changes until now. */
async function cursorOf(project: LiveProject): Promise<string> {
  const { data } = await project.ask('{ changesCursor }');
  return (data as { readonly changesCursor: string }).changesCursor;
}
