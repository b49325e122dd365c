import { EventEmitter, once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import type { CanaryProject } from '../../../test/engine/canary-projects.ts';
import {
  ask,
  codeOf,
  never,
  run,
  slow,
  useProjectConnections,
} from '../../../test/engine/connections-kit.ts';
import { watchSentMessages } from '../../../test/engine/sent-messages.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { startCancelProxy } from '../../../test/engine/cancel-proxy.ts';
import { createChoice } from '../../../test/engine/random-rows.ts';

const database = useTestDatabase();
const kit = useProjectConnections(database);
const { open, running, untilRunning } = kit;
let one: CanaryProject;
let other: CanaryProject;
beforeAll(() => {
  [one, other] = kit.pair;
});

describe('an aborted request', () => {
  it('has its statement cancelled', async () => {
    const connections = open();
    const client = new AbortController();
    const gone = connections.lease(one, client.signal, (runner) => run(runner, slow));
    await untilRunning(1);
    client.abort();
    await expect(gone).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    await untilRunning(0);
    expect(await ask(connections, one, one.readNotes)).toBe(`["${one.canary}"]`);
    expect(connections.stats().opened).toBe(1);
  });

  it('fails on every later statement, and its transaction is rolled back', async () => {
    const connections = open({ size: 1 });
    const client = new AbortController();
    const gone = connections.lease(one, client.signal, async (runner) => {
      await run(runner, 'BEGIN');
      await run(runner, `DELETE FROM "${one.schema}".note`);
      client.abort();
      await run(runner, 'COMMIT');
    });
    expect(await codeOf(gone)).toBe(20);
    expect(await ask(connections, one, one.readNotes)).toBe(`["${one.canary}"]`);
  });

  it('leaves the queue', async () => {
    const connections = open({ size: 1 });
    const client = new AbortController();
    await connections.lease(one, never, async () => {
      const gone = connections.lease(other, client.signal, () => Promise.resolve());
      await turn();
      expect(connections.stats().waiting).toBe(1);
      client.abort();
      await expect(gone).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
      expect(connections.stats().waiting).toBe(0);
    });
  });

  it('keeps the connection until a cancel signal can no longer arrive', async () => {
    const signals = new EventEmitter();
    const arrived = once(signals, 'arrived').then(() => true);
    const proxy = await startCancelProxy(database.url, () => arrived);
    try {
      const { prepared } = watchSentMessages();
      const connections = open({ size: 1, connectionString: proxy.url });
      const client = new AbortController();
      const lock = { sql: `LOCK TABLE "${one.schema}".note` };
      const { gone, next } = await whileHolding(database.pool, lock, async () => {
        const gone = codeOf(
          connections.lease(one, client.signal, (runner) => run(runner, one.readNotes)),
        );
        await untilWaiting(database.pool, 1);
        client.abort();
        await vi.waitFor(() => expect(proxy.cancels()).toBe(1));
        return { gone, next: ask(connections, other, other.readNotes) };
      });
      // The statement has ended, but its cancel signal is still in transit.
      expect(await gone).toBe('no error');
      expect(connections.stats()).toEqual({ busy: 1, idle: 0, waiting: 1, opened: 1 });
      signals.emit('arrived');
      expect(await next).toBe(`["${other.canary}"]`);
      const barrier = prepared.indexOf('');
      expect(barrier).toBeGreaterThan(0);
      // The proxy runs in the same process, so each message is recorded twice.
      expect([...new Set(prepared.slice(barrier))]).toEqual([
        '',
        `SET ROLE "${other.role}"`,
        other.readNotes,
      ]);
      expect(connections.stats().opened).toBe(1);
    } finally {
      await proxy.close();
    }
  });

  it('is cancelled again if a cancel signal had no effect', async () => {
    const proxy = await startCancelProxy(database.url, (number) => Promise.resolve(number > 2));
    try {
      const connections = open({ size: 1, connectionString: proxy.url });
      const client = new AbortController();
      const gone = codeOf(connections.lease(one, client.signal, (runner) => run(runner, slow)));
      await untilRunning(1);
      client.abort();
      expect(await gone).toBe(20);
      expect(await ask(connections, other, other.readNotes)).toBe(`["${other.canary}"]`);
      expect(proxy.cancels()).toBeGreaterThanOrEqual(3);
      expect(connections.stats().opened).toBe(1);
    } finally {
      await proxy.close();
    }
  });

  it('does not affect the next user of the connection, regardless of when it was aborted', async () => {
    const { seed = Math.floor(Math.random() * 2 ** 31) } = inject('propertyTests');
    const choose = createChoice(seed);
    const connections = open({ size: 1 });
    for (let round = 0; round < 300; round += 1) {
      const client = new AbortController();
      const size = 1 + choose(3_000);
      const gone = connections.lease(one, client.signal, (runner) =>
        run(runner, `SELECT count(*)::text FROM generate_series(1, $1::int)`, [String(size)]),
      );
      const next = connections.lease(other, never, async (runner) => [
        await run(runner, 'SELECT count(*)::text FROM generate_series(1, 3000)'),
        await run(runner, other.readNotes),
      ]);
      await abortAfter(choose(20), client);
      await gone.catch(() => undefined);
      expect(await next, `seed ${seed}, round ${round}`).toEqual(['3000', `["${other.canary}"]`]);
    }
  });
});

/** Aborts after a number of turns of the event loop, so that the abort meets different states of the connection. */
async function abortAfter(turns: number, client: AbortController): Promise<void> {
  for (let count = 0; count < turns; count += 1) await turn();
  client.abort();
}

describe('200 concurrent requests for 20 projects on two connections', () => {
  it('read only their own rows, even if some requests are aborted while they run', async () => {
    const { seed = Math.floor(Math.random() * 2 ** 31) } = inject('propertyTests');
    const choose = createChoice(seed);
    const connections = open({ size: 2, maxWaitMs: 25_000 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        // The index is always within the array, because of the modulus.
        const project = kit.projects[index % kit.projects.length] as CanaryProject;
        const client = new AbortController();
        const isAborted = choose(10) < 3;
        const answer = await connections
          .lease(project, client.signal, async (runner) => {
            if (isAborted) void abortAfter(choose(200), client);
            const before = await run(runner, project.readNotes);
            if (isAborted) await run(runner, slow);
            return [
              before,
              await run(runner, project.readNotes),
              await run(runner, 'SELECT current_user::text'),
            ];
          })
          .catch((error: unknown) => error);
        return { answer, project, isAborted };
      }),
    );
    for (const { answer, project, isAborted } of answers) {
      const own = `["${project.canary}"]`;
      if (isAborted) expect(answer, `seed ${seed}`).toMatchObject({ name: 'AbortError' });
      else expect(answer, `seed ${seed}`).toEqual([own, own, project.role]);
    }
    expect(await running()).toEqual([]);
  });
});

describe('a statement that takes too long', () => {
  it('is cancelled by the server, and the connection stays usable', async () => {
    const connections = open({ size: 1, statementTimeoutMs: 50 });
    expect(await codeOf(ask(connections, one, slow))).toBe('TIMEOUT');
    expect(await ask(connections, one, one.readNotes)).toBe(`["${one.canary}"]`);
    expect(connections.stats().opened).toBe(1);
  });

  it('is ended by the gateway if the server does not respond', async () => {
    const proxy = await startCancelProxy(database.url, () => Promise.resolve(true));
    try {
      const connections = open({
        size: 1,
        statementTimeoutMs: 50,
        connectionString: proxy.url,
      });
      await ask(connections, one, one.readNotes);
      proxy.silence();
      expect(await codeOf(ask(connections, one, one.readNotes))).toBe('UnansweredError');
      expect(connections.stats()).toMatchObject({ busy: 0, idle: 0 });
    } finally {
      await proxy.close();
    }
  });
});
