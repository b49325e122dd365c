import { describe, expect, it } from 'vitest';

import { createFairTurns, type FairTurnsOptions } from './fair-turns.ts';

const never = new AbortController().signal;

function startTurns(options: Partial<FairTurnsOptions> = {}) {
  const turns = createFairTurns({
    running: 4,
    runningPerHolder: 2,
    waiting: 10,
    waitingPerHolder: 5,
    maxWaitMs: 60_000,
    ...options,
  });
  const running: string[] = [];
  const finish = new Map<string, () => void>();
  /** Starts a task that runs until `end(name)` is called. */
  const start = (holder: string, name: string, signal: AbortSignal = never) =>
    turns.run(holder, signal, async () => {
      running.push(name);
      await new Promise<void>((resolve) => finish.set(name, resolve));
      running.splice(running.indexOf(name), 1);
      return name;
    });
  const end = async (name: string, task: Promise<unknown>) => {
    finish.get(name)?.();
    await task;
  };
  return { turns, running, start, end };
}

describe('turns', () => {
  it('are limited for each holder, so that other holders start at once', async () => {
    const { running, start, end } = startTurns();
    const a1 = start('a', 'a1');
    const a2 = start('a', 'a2');
    const a3 = start('a', 'a3');
    const b1 = start('b', 'b1');
    expect(running).toEqual(['a1', 'a2', 'b1']);
    await end('a1', a1);
    expect(running).toEqual(['a2', 'b1', 'a3']);
    await Promise.all([end('a2', a2), end('a3', a3), end('b1', b1)]);
    expect(running).toEqual([]);
  });

  it('alternate between waiting holders', async () => {
    const { running, start, end } = startTurns({ running: 1 });
    const tasks = ['a1', 'a2', 'a3', 'b1'].map(
      (name) => [name, start(name.charAt(0), name)] as const,
    );
    const order: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      const [name = ''] = running;
      order.push(name);
      await end(name, tasks.find(([each]) => each === name)?.[1] ?? Promise.resolve());
    }
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('end when a task fails', async () => {
    const { turns } = startTurns({ running: 1 });
    const failing = () => Promise.reject(new Error('failed'));
    await expect(turns.run('a', never, failing)).rejects.toThrow('failed');
    expect(await turns.run('a', never, () => Promise.resolve(1))).toBe(1);
  });

  it('are refused when too many tasks of the holder wait', async () => {
    const { start } = startTurns({ runningPerHolder: 1, waitingPerHolder: 1 });
    void start('a', 'a1');
    void start('a', 'a2');
    await expect(start('a', 'a3')).rejects.toMatchObject({ code: 'OVERLOADED' });
    void start('b', 'b1');
  });

  it('are refused when they do not come in time, and leave the queue', async () => {
    const { running, start, end } = startTurns({ runningPerHolder: 1, maxWaitMs: 10 });
    const first = start('a', 'a1');
    await expect(start('a', 'a2')).rejects.toMatchObject({ code: 'OVERLOADED' });
    await end('a1', first);
    expect(running).toEqual([]);
  });

  it('are given up when the client disconnects', async () => {
    const { running, start, end } = startTurns({ runningPerHolder: 1 });
    const client = new AbortController();
    const first = start('a', 'a1');
    const second = start('a', 'a2', client.signal);
    client.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await end('a1', first);
    expect(running).toEqual([]);
    await expect(start('a', 'a3', client.signal)).rejects.toThrow('gone');
  });
});
