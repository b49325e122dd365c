import { afterEach, expect, it, vi } from 'vitest';
import { connected, inShort, sdl, withLog, type LogKit } from '../../../test/change-log-kit.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { createPubSub } from '../../platform/pubsub/pubsub.ts';
import { createLogger } from '../../platform/telemetry/logger.ts';
import { NoChangeLog } from './change-log.ts';
import { createWatcher, type Watcher } from './watcher.ts';

const database = useTestDatabase({ poolSize: 20 });
const logger = createLogger({ level: 'silent', format: 'json' });
const cleanUps: (() => Promise<void>)[] = [];
const never = 2 ** 30;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start({ log }: LogKit, pollEveryMs: number): Promise<Watcher> {
  const pubsub = createPubSub({ connectionString: database.url, logger, heartbeatMs: 100 });
  await pubsub.start();
  const watcher = createWatcher({ log, pubsub, executor: database.pool, logger, pollEveryMs });
  cleanUps.push(
    () => pubsub.close(),
    () => watcher.close(),
  );
  await vi.waitFor(() => expect(pubsub.isHearing()).toBe(true), { timeout: 10_000, interval: 10 });
  return watcher;
}

/** Watches the project, and waits until the end of its log was read. */
async function record(watcher: Watcher, { project, log }: LogKit) {
  const seen: string[] = [];
  const read = vi.spyOn(log, 'read');
  const { ready, stop } = watcher.watch(project.names.ref, {
    onCommits: (commits) => seen.push(...commits.flatMap(({ changes }) => changes.map(inShort))),
    onGap: () => seen.push('gap'),
  });
  await ready;
  const sees = (...texts: readonly string[]) =>
    vi.waitFor(() => expect(seen).toEqual(texts), { timeout: 10_000, interval: 10 });
  return { seen, sees, stop, read };
}

it('finds changes by SQL with the poll, and reads only logs that have moved', async () => {
  await withLog(database.pool, async (kit) => {
    const watcher = await start(kit, 10);
    const { sees, stop, read } = await record(watcher, kit);
    await kit.project.query(`INSERT INTO card (id) VALUES (1)`);
    await sees('INSERT card 1');
    const poll = vi.spyOn(kit.log, 'poll');
    // A read during the commit is followed by one more.
    await vi.waitFor(
      async () => {
        const [reads, polls] = [read.mock.calls.length, poll.mock.calls.length];
        await vi.waitFor(() => expect(poll.mock.calls.length).toBeGreaterThan(polls + 5));
        expect(read.mock.calls.length).toBe(reads);
      },
      { timeout: 10_000 },
    );
    stop();
    expect(watcher.stats()).toEqual({ projects: 0, lagSeconds: 0 });
  });
});

it('combines the reads of a log that changes all the time', async () => {
  await withLog(database.pool, async (kit) => {
    const watcher = await start(kit, never);
    const { sees, read } = await record(watcher, kit);
    const [startedAt, before] = [performance.now(), read.mock.calls.length];
    const ids = Array.from({ length: 50 }, (_, id) => id);
    for (const id of ids) {
      await kit.project.query(`INSERT INTO card (id) VALUES (${id})`);
      watcher.touched(kit.project.names.ref);
    }
    await sees(...ids.map((id) => `INSERT card ${id}`));
    // At most one in 20 ms, whatever time the writes take.
    const most = (performance.now() - startedAt) / 20 + 2;
    expect(read.mock.calls.length - before).toBeLessThanOrEqual(most);
  });
});

it('reads again while a transaction is running that has written', async () => {
  await withLog(database.pool, async (kit) => {
    const { sees } = await record(await start(kit, 10), kit);
    await connected(database.pool, kit.project, async (query) => {
      await query('BEGIN; INSERT INTO card (id) VALUES (1)');
      await kit.project.query(`INSERT INTO card (id) VALUES (2)`);
      await sees('INSERT card 2');
      await query('COMMIT');
      await sees('INSERT card 2', 'INSERT card 1');
    });
  });
});

it('is woken by a write of this gateway, and by messages of others', async () => {
  await withLog(database.pool, async (kit) => {
    const { ref } = kit.project.names;
    const [here, there] = [await start(kit, never), await start(kit, never)];
    const [one, other] = [await record(here, kit), await record(there, kit)];
    await kit.project.query(`INSERT INTO card (id) VALUES (1)`);
    here.touched(ref);
    await one.sees('INSERT card 1');
    await other.sees('INSERT card 1');
  });
});

it('shares a reader, and tells all listeners about a gap', async () => {
  await withLog(database.pool, async (kit) => {
    const watcher = await start(kit, 10);
    const [one, other] = [await record(watcher, kit), await record(watcher, kit)];
    expect(watcher.stats().projects).toBe(1);
    await kit.project.query(`UPDATE "$log" SET cluster = 'other'`);
    await kit.project.query(`INSERT INTO card (id) VALUES (1)`);
    await one.sees('gap');
    await other.sees('gap');
    one.stop();
    await vi.waitFor(
      async () => {
        await kit.project.query(
          `INSERT INTO card (id) VALUES (2) ON CONFLICT (id) DO UPDATE SET big = coalesce(card.big, 0) + 1`,
        );
        expect(other.seen.length).toBeGreaterThan(1);
      },
      { timeout: 10_000 },
    );
    expect(one.seen).toEqual(['gap']);
  });
});

it('survives a log that is dropped and created again', async () => {
  await withLog(database.pool, async (kit) => {
    const { sees, seen } = await record(await start(kit, 10), kit);
    await kit.project.apply(sdl.replaceAll('@live', ''));
    await sees('gap');
    await kit.project.apply(sdl);
    await vi.waitFor(
      async () => {
        await kit.project.query(
          `INSERT INTO card (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET big = coalesce(card.big, 0) + 1`,
        );
        expect(seen.length).toBeGreaterThan(1);
      },
      { timeout: 10_000 },
    );
  });
});

it('reports that there is no log', async () => {
  await withLog(
    database.pool,
    async (kit) => {
      const watcher = await start(kit, 10);
      await expect(record(watcher, kit)).rejects.toThrow(NoChangeLog);
    },
    'type A @model { id: ID! @id }',
  );
});
