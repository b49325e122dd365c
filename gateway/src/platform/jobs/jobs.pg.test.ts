import { EventEmitter, once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { useTestDatabase } from '../../../test/database.ts';
import { startStallingProxy } from '../../../test/stalling-proxy.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createJobs } from './jobs.ts';
import { defineTask, type TaskContext } from './task.ts';

const database = useTestDatabase();
const cleanUps: (() => Promise<unknown>)[] = [];
const lines: string[] = [];
const logger = createLogger({
  level: 'debug',
  format: 'json',
  destination: { write: (line) => lines.push(line) },
});

beforeAll(async () => {
  const jobs = createJobs({ connectionString: database.url, logger, tasks: {} });
  await jobs.migrate();
  await jobs.stop();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  await database.pool.query('DELETE FROM graphile_worker._private_jobs');
  lines.length = 0;
});

type Work = (text: string, context: TaskContext) => Promise<void> | void;

/** Sets up jobs with a single task, `note`, which records its text, runs the test's work, and emits events. */
function setUp(options: { work?: Work; url?: string; drainMs?: number; cron?: string } = {}) {
  const { work, url = database.url, drainMs = 5_000, cron } = options;
  const ran: string[] = [];
  const events = new EventEmitter();
  const note = defineTask({
    payload: z.object({ text: z.string().default('on its own') }),
    maxAttempts: 3,
    ...(cron === undefined ? {} : { cron }),
    async run({ text }, context) {
      ran.push(text);
      events.emit('began', text);
      await work?.(text, context);
      events.emit('ended', text);
    },
  });
  const jobs = createJobs({
    connectionString: url,
    logger,
    tasks: { note },
    drainMs,
    pollIntervalMs: 50,
  });
  cleanUps.push(() => jobs.stop());
  const next = (event: 'began' | 'ended') =>
    once(events, event, { signal: AbortSignal.timeout(15_000) });
  return { jobs, ran, next };
}

interface JobRow {
  readonly id: string;
  readonly attempts: number;
  readonly max_attempts: number;
  readonly last_error: string | null;
  readonly locked_at: Date | null;
  readonly run_at: Date;
}

async function queued(): Promise<JobRow[]> {
  const { rows } = await database.pool.query<JobRow>(
    'SELECT * FROM graphile_worker.jobs ORDER BY id',
  );
  return rows;
}

const queueIsEmpty = () =>
  vi.waitFor(async () => expect(await queued()).toEqual([]), { timeout: 10_000, interval: 20 });

describe('jobs', () => {
  it('run soon after they are queued and are then removed from the queue', async () => {
    const { jobs, ran, next } = setUp();
    await jobs.start();
    const ended = next('ended');
    await jobs.enqueue(database.pool, 'note', { text: 'hello "there" \\ é' });
    await ended;
    expect(ran).toEqual(['hello "there" \\ é']);
    await queueIsEmpty();
  });

  it('queued in a transaction run after it commits', async () => {
    const { jobs, ran, next } = setUp();
    await jobs.start();
    const inside = { text: 'inside' };
    const ended = next('ended');
    await database.prisma.$transaction(async (tx) => {
      await jobs.enqueue(tx, 'note', inside);
      await jobs.enqueue(database.pool, 'note', { text: 'outside' });
      await ended;
    });
    await queueIsEmpty();
    expect(ran).toEqual(['outside', 'inside']);
  });

  it('queued in a transaction that is rolled back are discarded', async () => {
    const { jobs } = setUp();
    const rolledBack = database.prisma.$transaction(async (tx) => {
      await jobs.enqueue(tx, 'note', { text: 'never' });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    expect(await queued()).toEqual([]);
  });

  it('are rejected with an invalid payload, both when queued and when run', async () => {
    const { jobs, ran } = setUp();
    // @ts-expect-error: the type of the payload is also wrong
    await expect(jobs.enqueue(database.pool, 'note', { text: 7 })).rejects.toThrow(z.ZodError);
    // @ts-expect-error: there is no such task
    await expect(jobs.enqueue(database.pool, 'other', {})).rejects.toThrow('no task "other"');
    expect(await queued()).toEqual([]);
    await database.pool.query(`SELECT graphile_worker.add_job('note', '{"text": 7}')`);
    await jobs.start();
    await vi.waitFor(async () => expect((await queued())[0]?.attempts).toBe(1));
    expect(ran).toEqual([]);
  });

  it('are retried after a failure', async () => {
    let fails = true;
    const { jobs, next } = setUp({
      work: () => {
        if (fails) throw new Error('the mail server is down');
      },
    });
    await jobs.start();
    await jobs.enqueue(database.pool, 'note', { text: 'again' });
    const failed = await vi.waitFor(async () => {
      const [job] = await queued();
      expect(job).toMatchObject({ attempts: 1, max_attempts: 3, locked_at: null });
      return job;
    });
    expect(failed?.last_error).toBe('the mail server is down');
    expect(failed?.run_at.getTime()).toBeGreaterThan(Date.now() + 500);
    fails = false;
    const ended = next('ended');
    await database.pool.query('SELECT graphile_worker.reschedule_jobs(ARRAY[$1::bigint], now())', [
      failed?.id,
    ]);
    await ended;
    await queueIsEmpty();
  });

  it('remain in the queue for inspection if their last attempt fails', async () => {
    const { jobs, ran } = setUp({
      work: () => Promise.reject(new Error('hopeless')),
    });
    await jobs.start();
    await jobs.enqueue(database.pool, 'note', { text: 'x' }, { maxAttempts: 1 });
    await vi.waitFor(async () => expect((await queued())[0]?.last_error).toBe('hopeless'));
    expect(ran).toHaveLength(1);
    expect(await queued()).toMatchObject([{ attempts: 1, max_attempts: 1 }]);
  });

  it('do not expose values or credentials in the queue or the log', async () => {
    const secret = 'hunter2-and-more';
    const failure = Object.assign(new Error(`invalid input syntax for type uuid: "${secret}"`), {
      code: '22P02',
      detail: secret,
    });
    const { jobs } = setUp({
      work: (text) => Promise.reject(text === 'value' ? failure : new Error(`Bearer ${secret}`)),
    });
    await jobs.start();
    await jobs.enqueue(database.pool, 'note', { text: 'value' });
    await jobs.enqueue(database.pool, 'note', { text: 'credential' });
    await vi.waitFor(async () => {
      expect((await queued()).every(({ last_error }) => last_error !== null)).toBe(true);
    });
    expect(JSON.stringify(await queued())).not.toContain(secret);
    const log = lines.join('');
    expect(log).toContain('a job failed');
    expect(log).not.toContain(secret);
  });

  it('with the same key are queued once', async () => {
    const { jobs } = setUp();
    for (const text of ['first', 'second']) {
      await jobs.enqueue(database.pool, 'note', { text }, { key: 'only' });
    }
    expect(await queued()).toHaveLength(1);
    const { jobs: worker, ran, next } = setUp();
    const ended = next('ended');
    await worker.start();
    await ended;
    expect(ran).toEqual(['second']);
  });

  it('do not run before `runAt`', async () => {
    const runAt = new Date('2100-01-01T12:34:56.789Z');
    const { jobs, ran, next } = setUp();
    await jobs.start();
    await database.prisma.$transaction((tx) =>
      jobs.enqueue(tx, 'note', { text: 'later' }, { runAt }),
    );
    const ended = next('ended');
    await jobs.enqueue(database.pool, 'note', { text: 'now' });
    await ended;
    expect(ran).toEqual(['now']);
    const later = (await queued()).find(({ attempts }) => attempts === 0);
    expect(later?.run_at).toEqual(runAt);
  });

  it('run once each if there are two instances', async () => {
    const [one, other] = [setUp(), setUp()];
    await Promise.all([one.jobs.start(), other.jobs.start()]);
    const texts = Array.from({ length: 40 }, (_, i) => String(i));
    await Promise.all(texts.map((text) => one.jobs.enqueue(database.pool, 'note', { text })));
    await queueIsEmpty();
    expect([...one.ran, ...other.ran].sort()).toEqual([...texts].sort());
  });

  it('write nothing to the console', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    cleanUps.push(() => Promise.resolve(vi.restoreAllMocks()));
    const { jobs, next } = setUp();
    await jobs.start();
    const ended = next('ended');
    await jobs.enqueue(database.pool, 'note', { text: 'quiet' });
    await ended;
    await jobs.stop();
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});

describe('stopping the job worker', () => {
  it('waits for the running job and starts no others', async () => {
    let finish = () => {};
    const work = () => new Promise<void>((resolve) => (finish = resolve));
    const { jobs, ran, next } = setUp({ work });
    await jobs.start();
    const [began, ended] = [next('began'), next('ended')];
    await jobs.enqueue(database.pool, 'note', { text: 'running' });
    await began;
    const stopped = jobs.stop();
    finish();
    await ended;
    await stopped;
    await jobs.enqueue(database.pool, 'note', { text: 'too late' });
    expect(ran).toEqual(['running']);
    expect(await queued()).toMatchObject([{ attempts: 0, locked_at: null }]);
  });

  it('aborts the signal of a long job', async () => {
    const work: Work = (_text, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('interrupted'))),
      );
    const { jobs, next } = setUp({ work, drainMs: 400 });
    await jobs.start();
    const began = next('began');
    await jobs.enqueue(database.pool, 'note', { text: 'long' });
    await began;
    await jobs.stop();
    expect(await queued()).toMatchObject([{ last_error: 'interrupted', locked_at: null }]);
  });

  it('stops waiting for a stuck job, which is retried later', async () => {
    const { jobs, next } = setUp({ work: () => new Promise(() => {}), drainMs: 200 });
    await jobs.start();
    const began = next('began');
    await jobs.enqueue(database.pool, 'note', { text: 'stuck' });
    await began;
    await jobs.stop();
    expect(await queued()).toMatchObject([{ attempts: 1, locked_at: null }]);
    expect(lines.join('')).toContain('will be retried');
  });

  it('closes all connections', async () => {
    const { jobs } = setUp();
    await jobs.start();
    await jobs.stop();
    const { rows } = await database.pool.query(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'tessera-jobs'`,
    );
    expect(rows).toEqual([]);
  });
});

describe('a job worker that loses its database connection', () => {
  it('reconnects and repeats a job if it could not report its completion', async () => {
    const proxy = await startStallingProxy(database.url);
    cleanUps.push(() => proxy.close());
    let outages = 1;
    const work = () => {
      if (outages-- > 0) proxy.goDown();
    };
    const { jobs, ran } = setUp({ url: proxy.url, work });
    await jobs.start();
    await jobs.enqueue(database.pool, 'note', { text: 'first' });
    await vi.waitFor(() => expect(lines.join('')).toContain('worker failed'), { timeout: 10_000 });
    await jobs.enqueue(database.pool, 'note', { text: 'second' });
    proxy.resume();
    await queueIsEmpty();
    expect(ran.toSorted()).toEqual(['first', 'first', 'second']);
  });
});

describe('tasks with a schedule', () => {
  it('run at the scheduled time with an empty payload', async () => {
    const { jobs, ran, next } = setUp({ cron: '* * * * *' });
    vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
    cleanUps.push(() => Promise.resolve(vi.useRealTimers()));
    // A time just before the start of a minute that has already begun on the database server.
    vi.setSystemTime(new Date(Math.floor(Date.now() / 60_000) * 60_000 - 200));
    const ended = next('ended');
    await jobs.start();
    await ended;
    expect(ran).toEqual(['on its own']);
  });

  it('delete jobs that failed permanently more than two weeks ago', async () => {
    const { jobs, next } = setUp();
    for (const text of ['old', 'young', 'waiting']) {
      await jobs.enqueue(database.pool, 'note', { text }, { runAt: new Date('2100-01-01') });
    }
    const [old, young] = await queued();
    await database.pool.query(
      'UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE id = ANY($1)',
      [[old?.id, young?.id]],
    );
    await database.pool.query(
      `UPDATE graphile_worker._private_jobs SET updated_at = now() - interval '15 days' WHERE id <> $1`,
      [young?.id],
    );
    await database.pool.query(`SELECT graphile_worker.add_job('jobs.forgetFailed', '{}')`);
    await jobs.start();
    await vi.waitFor(async () => expect(await queued()).toHaveLength(2), { timeout: 10_000 });
    const ended = next('ended');
    await jobs.enqueue(database.pool, 'note', { text: 'still alive' });
    await ended;
    expect((await queued()).map(({ id }) => id)).not.toContain(old?.id);
  });
});
