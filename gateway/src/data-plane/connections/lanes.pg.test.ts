import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import type { CanaryProject } from '../../../test/engine/canary-projects.ts';
import { codeOf, pid, slow, useProjectConnections } from '../../../test/engine/connections-kit.ts';
import { createChoice } from '../../../test/engine/random-rows.ts';
import { textsOf } from '../../../test/engine/rows.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { Canceller, type Cancellation } from '../../platform/cancellation.ts';
import type { ProjectConnections } from './project-connections.ts';
import * as statementPace from './statement-pace.ts';

const database = useTestDatabase();
const kit = useProjectConnections(database);
const { open, untilRunning } = kit;
let one: CanaryProject;
let other: CanaryProject;
let isQuick: (text: string) => boolean;
let noted: Map<string, number>;
beforeAll(() => {
  [one, other] = kit.pair;
});
beforeEach(() => {
  // Determines in advance which statements count as quick, so that the tests do not depend on the machine's speed.
  isQuick = (text) => text !== slow;
  noted = new Map();
  vi.spyOn(statementPace, 'createStatementPace').mockImplementation(() => ({
    isQuick: (text) => isQuick(text),
    meanOf: () => 0,
    note: (text, milliseconds) => void noted.set(text, milliseconds),
  }));
});

async function run(
  connections: ProjectConnections,
  project: CanaryProject,
  text: string,
  signal: Cancellation = new Canceller(),
  values: readonly string[] = [],
): Promise<string | null | undefined> {
  return textsOf(await connections.run(project, { text, values }, signal))[0]?.[0];
}

/** More requests than a connection takes at a time. */
const many12 = Array.from({ length: 12 }, (_, index) => index);

const many = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** Opens a pool with one connection that has the role and has prepared the statements. */
async function openPrepared(...texts: string[]): Promise<ProjectConnections> {
  const connections = open({ size: 1 });
  for (const text of texts) await run(connections, one, text);
  return connections;
}

describe('quick statements of one project', () => {
  it('are pipelined on one connection without waiting for a turn', async () => {
    const connections = await openPrepared(one.readNotes, pid);
    const answers = many(8, () => run(connections, one, one.readNotes));
    expect(connections.stats()).toEqual({ busy: 1, idle: 0, waiting: 0, opened: 1 });
    expect(await answers).toEqual(Array(8).fill(`["${one.canary}"]`));
    expect(connections.stats()).toMatchObject({ busy: 0, idle: 1 });
  });

  it('do not exceed the maximum pipeline depth of a connection', async () => {
    const connections = await openPrepared(one.readNotes);
    const answers = many(20, () => run(connections, one, one.readNotes));
    expect(connections.stats()).toMatchObject({ busy: 1, waiting: 12 });
    expect(new Set(await answers)).toEqual(new Set([`["${one.canary}"]`]));
  });

  it('get their own results even if a statement between them fails', async () => {
    const divide = 'SELECT (10 / $1::int)::text';
    const connections = await openPrepared(one.readNotes);
    await run(connections, one, divide, undefined, ['1']);
    const answers = await many(4, (index) =>
      run(connections, one, divide, undefined, [String(index - 1)]).catch((error: unknown) =>
        String(Reflect.get(error as Error, 'code')),
      ),
    );
    expect(answers).toEqual(['-10', '22012', '10', '5']);
  });

  it('are not sent if there is no memory for their answer when their turn comes', async () => {
    const connections = await openPrepared(one.readNotes);
    const sent: number[] = [];
    const ask = (index: number) =>
      connections.run(one, { text: one.readNotes, values: [] }, new Canceller(), {
        begin: () => (index % 2 === 0 ? null : new Error('no memory')),
        reserve: () => (sent.push(index), null),
      });
    const outcomes = await Promise.allSettled(many12.map(ask));
    expect(outcomes.map(({ status }) => status)).toEqual(
      many12.map((index) => (index % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
    expect(sent).toEqual(many12.filter((index) => index % 2 === 0));
    expect(connections.stats()).toEqual({ busy: 0, idle: 1, waiting: 0, opened: 1 });
  });

  it('are not pipelined if they are not prepared or need another role', async () => {
    const connections = open({ size: 1 });
    await run(connections, other, other.readNotes);
    const answers = many(2, () => run(connections, one, one.readNotes));
    expect(connections.stats()).toMatchObject({ busy: 1, waiting: 1 });
    const theirs = run(connections, other, other.readNotes);
    expect(connections.stats()).toMatchObject({ busy: 1, waiting: 2 });
    expect(await answers).toEqual(Array(2).fill(`["${one.canary}"]`));
    expect(await theirs).toBe(`["${other.canary}"]`);
  });

  it('are not pipelined after a slow statement', async () => {
    const connections = open({ size: 4 });
    const client = new AbortController();
    const gone = codeOf(run(connections, one, slow, client.signal));
    await untilRunning(1);
    expect(await run(connections, one, one.readNotes)).toBe(`["${one.canary}"]`);
    expect(connections.stats()).toMatchObject({ busy: 1, idle: 1 });
    client.abort();
    expect(await gone).toBe(20);
  });

  it('do not count as quick if their answers are long', async () => {
    const connections = open({ size: 1 });
    const repeat = 'SELECT repeat(chr(120), 70000)';
    await run(connections, one, repeat);
    expect(noted.get(repeat)).toBeGreaterThanOrEqual(5);
  });

  it('give way to waiting requests from other projects', async () => {
    const connections = await openPrepared(one.readNotes);
    let isOver = false;
    const stream = async () => {
      while (!isOver) await run(connections, one, one.readNotes);
    };
    const load = many(8, stream);
    for (let round = 0; round < 5; round += 1) {
      expect(await run(connections, other, other.readNotes)).toBe(`["${other.canary}"]`);
    }
    isOver = true;
    await load;
    expect(connections.stats()).toEqual({ busy: 0, idle: 1, waiting: 0, opened: 1 });
  });

  it('are refused after the connections have been closed', async () => {
    const connections = await openPrepared(one.readNotes);
    const under = many(3, () => run(connections, one, one.readNotes));
    const closing = connections.close();
    expect(await codeOf(run(connections, one, one.readNotes))).toBe('OVERLOADED');
    expect(await under).toEqual(Array(3).fill(`["${one.canary}"]`));
    await closing;
  });

  it('all fail if their connection is lost, and the next statement gets another connection', async () => {
    const connections = await openPrepared(one.readNotes);
    const lock = { sql: `LOCK TABLE "${one.schema}".note` };
    const codes = await whileHolding(database.pool, lock, async () => {
      const asked = many(3, () => codeOf(run(connections, one, one.readNotes)));
      await untilWaiting(database.pool, 1);
      const [backend] = await kit.running();
      await database.pool.query('SELECT pg_terminate_backend($1::int)', [backend]);
      return asked;
    });
    expect(codes).toEqual(Array(3).fill('ConnectionLostError'));
    expect(await run(connections, one, one.readNotes)).toBe(`["${one.canary}"]`);
  });
});

describe('an aborted statement', () => {
  it('ends at once, and the other statements on its connection continue', async () => {
    const connections = await openPrepared(one.readNotes);
    const lock = { sql: `LOCK TABLE "${one.schema}".note` };
    const client = new AbortController();
    const { first, others } = await whileHolding(database.pool, lock, async () => {
      const first = codeOf(run(connections, one, one.readNotes, client.signal));
      const others = many(3, () => run(connections, one, one.readNotes));
      await untilWaiting(database.pool, 1);
      client.abort();
      expect(await first).toBe(20);
      return { first, others };
    });
    await first;
    expect(await others).toEqual(Array(3).fill(`["${one.canary}"]`));
    expect(connections.stats()).toEqual({ busy: 0, idle: 1, waiting: 0, opened: 1 });
  });

  it('is cancelled when all requests on its connection have been aborted', async () => {
    const connections = await openPrepared(one.readNotes, slow.replaceAll('2000', '1'));
    isQuick = () => true;
    const clients = [new AbortController(), new AbortController(), new AbortController()];
    const gone = clients.map((client) => codeOf(run(connections, one, slow, client.signal)));
    await untilRunning(1);
    const next = run(connections, other, other.readNotes);
    for (const client of clients) client.abort();
    expect(await Promise.all(gone)).toEqual([20, 20, 20]);
    expect(await next).toBe(`["${other.canary}"]`);
    expect(connections.stats().opened).toBe(1);
  });

  it('does not affect other statements, regardless of when it was aborted', async () => {
    const { seed = Math.floor(Math.random() * 2 ** 31) } = inject('propertyTests');
    const choose = createChoice(seed);
    const connections = open({ size: 3, maxWaitMs: 25_000, maxWaiting: 100_000 });
    const count = 'SELECT count(*)::text FROM generate_series(1, $1::int)';
    const answers = await many(1_500, async (index) => {
      // The index is always below 20. Low indexes are more frequent, so some projects get far more requests.
      const project = kit.projects[choose(1 + (index % 20))] as CanaryProject;
      for (let spin = choose(400); spin > 0; spin -= 1) await turn();
      const client = new AbortController();
      const isAborted = choose(3) === 0;
      const size = String(1 + choose(isAborted ? 30_000 : 300));
      const asked = [
        run(connections, project, count, client.signal, [size]),
        run(connections, project, project.readNotes, client.signal),
        run(connections, project, 'SELECT current_user::text', client.signal),
      ];
      const settled = Promise.allSettled(asked);
      if (isAborted) {
        for (let spin = choose(20); spin > 0; spin -= 1) await turn();
        client.abort();
      }
      const own = [size, `["${project.canary}"]`, project.role];
      return { isAborted, own, found: await settled };
    });
    for (const { isAborted, own, found } of answers) {
      for (const [index, each] of found.entries()) {
        if (each.status === 'fulfilled') expect(each.value, `seed ${seed}`).toBe(own[index]);
        else {
          expect(each.reason, `seed ${seed}`).toMatchObject({ name: 'AbortError' });
          expect(isAborted).toBe(true);
        }
      }
    }
    await vi.waitFor(() => expect(connections.stats()).toMatchObject({ busy: 0, waiting: 0 }));
  });
});
