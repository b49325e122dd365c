import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import type { CanaryProject } from '../../../test/engine/canary-projects.ts';
import {
  ask,
  codeOf,
  never,
  pid,
  run,
  slow,
  useProjectConnections,
} from '../../../test/engine/connections-kit.ts';

const database = useTestDatabase();
const kit = useProjectConnections(database);
const { open, running, untilRunning } = kit;
let one: CanaryProject;
let other: CanaryProject;
beforeAll(() => {
  [one, other] = kit.pair;
});

describe('when no connection is available', () => {
  it('refuses a request after the maximum wait', async () => {
    const connections = open({ size: 1, maxWaitMs: 500 });
    await connections.lease(one, never, async () => {
      expect(await codeOf(ask(connections, other, pid))).toBe('OVERLOADED');
    });
    expect(await ask(connections, other, other.readNotes)).toBe(`["${other.canary}"]`);
  });

  it('limits the connections and queue entries of one project', async () => {
    const connections = open({ size: 2, maxWaiting: 8 });
    const client = new AbortController();
    const greedy = Array.from({ length: 10 }, () =>
      codeOf(connections.lease(one, client.signal, (runner) => run(runner, slow))),
    );
    await untilRunning(1);
    expect(connections.stats()).toMatchObject({ busy: 1, waiting: 1 });
    expect(await ask(connections, other, other.readNotes)).toBe(`["${other.canary}"]`);
    client.abort();
    expect((await Promise.all(greedy)).sort()).toEqual([
      ...Array<number>(2).fill(20),
      ...Array<string>(8).fill('OVERLOADED'),
    ]);
  });

  it('serves projects in turn, regardless of how many requests each of them has', async () => {
    const connections = open({ size: 1 });
    const order: string[] = [];
    const [a, b, c] = kit.projects;
    const wait = (name: string, project = one) =>
      connections.lease(project, never, () => Promise.resolve(void order.push(name)));
    await connections.lease(one, never, async () => {
      void [1, 2, 3, 4].map((n) => wait(`a${n}`, a));
      void [1, 2].map((n) => wait(`b${n}`, b));
      void wait('c1', c);
      await turn();
      expect(connections.stats().waiting).toBe(7);
    });
    await vi.waitFor(() => expect(order).toHaveLength(7));
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('refuses all requests if PostgreSQL accepts no connections', async () => {
    const connections = open({ connectionString: 'postgresql://127.0.0.1:1/none' });
    const codes = await Promise.all(
      [one, other, one].map((project) => codeOf(ask(connections, project, pid))),
    );
    expect(codes).toEqual(['OVERLOADED', 'OVERLOADED', 'OVERLOADED']);
    expect(kit.troubles.length).toBeGreaterThan(0);
  });
});

describe('a lost connection', () => {
  const terminate = (backend: string) =>
    database.pool.query('SELECT pg_terminate_backend($1::int)', [backend]);

  it('is replaced if it was idle', async () => {
    const connections = open({ size: 1 });
    await terminate(String(await ask(connections, one, pid)));
    await vi.waitFor(() => expect(connections.stats().idle).toBe(0));
    expect(await ask(connections, one, one.readNotes)).toBe(`["${one.canary}"]`);
    expect(connections.stats()).toEqual({ busy: 0, idle: 1, waiting: 0, opened: 2 });
  });

  it('fails the running statement, and waiting requests get another connection', async () => {
    const connections = open({ size: 1 });
    const lost = codeOf(ask(connections, one, slow));
    const next = ask(connections, other, other.readNotes);
    await untilRunning(1);
    const [backend] = await running();
    await terminate(String(backend));
    expect(await lost).toBe('ConnectionLostError');
    expect(await next).toBe(`["${other.canary}"]`);
  });
});

describe('connections are replaced', () => {
  it('after they have served many projects', async () => {
    const connections = open({ size: 1, maxProjects: 3 });
    for (const project of kit.projects.slice(0, 9))
      await ask(connections, project, project.readNotes);
    expect(connections.stats().opened).toBe(3);
  });

  it('when they are old', async () => {
    const connections = open({ size: 1, maxAgeMs: 0 });
    await ask(connections, one, pid);
    await ask(connections, one, pid);
    expect(connections.stats().opened).toBe(2);
  });
});

describe('close', () => {
  it('lets running requests finish, refuses new requests and ends all connections', async () => {
    const connections = open({ size: 2 });
    const closing: Promise<void>[] = [];
    const answer = await connections.lease(one, never, async (runner) => {
      await run(runner, pid);
      closing.push(connections.close());
      expect(await codeOf(ask(connections, other, pid))).toBe('OVERLOADED');
      return run(runner, one.readNotes);
    });
    expect(answer).toBe(`["${one.canary}"]`);
    await Promise.all(closing);
    await vi.waitFor(async () => expect(await openBackends()).toBe(0));
  });

  it('does not wait longer than the timeout', async () => {
    const connections = open({ closeTimeoutMs: 20 });
    const lost = codeOf(ask(connections, one, slow));
    await untilRunning(1);
    await connections.close();
    expect(await lost).toBe('ConnectionLostError');
  });
});

async function openBackends(): Promise<number> {
  const { rows } = await database.pool.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'tessera-projects' AND datname = current_database()`,
  );
  return rows.length;
}
