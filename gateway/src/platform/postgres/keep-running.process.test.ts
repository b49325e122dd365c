import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres.ts';

let directory: string;
let logLines: string[];
let running: EmbeddedPostgres | null = null;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tessera-restarted-'));
  await chmod(directory, 0o711);
  logLines = [];
});

afterEach(async () => {
  await running?.stop();
  running = null;
  await rm(directory, { recursive: true, force: true });
});

/** Starts a server with the table `kept`. */
async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  running = await startEmbeddedPostgres({
    directory: join(directory, 'home'),
    logger: pino({ level: 'info' }, { write: (line: string) => logLines.push(line) }),
    sharedRoot: join(directory, 'shared'),
    ...options,
  });
  await query(running.url, 'CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS n');
  return running;
}

async function query(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const postmasterPid = async (dataPath: string): Promise<number> =>
  Number.parseInt(await readFile(join(dataPath, 'postmaster.pid'), 'utf8'), 10);

describe('the embedded PostgreSQL', () => {
  it('is started again at the same address whenever it dies, with its data', async () => {
    const ends: string[] = [];
    const postgres = await start({ onGivenUp: (lastOutput) => ends.push(lastOutput) });
    for (let round = 0; round < 2; round += 1) {
      const before = await postmasterPid(postgres.dataPath);
      process.kill(before, 'SIGKILL');
      await vi.waitFor(
        async () => {
          expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
          expect(await postmasterPid(postgres.dataPath)).not.toBe(before);
        },
        { timeout: 30_000, interval: 50 },
      );
    }
    expect(logLines.join('')).toContain('The embedded PostgreSQL stopped unexpectedly');
    expect(logLines.join('')).toContain('exit code 137');
    await postgres.stop();
    expect(ends).toEqual([]);
    await expect(query(postgres.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('reports its log if it cannot be started again', async () => {
    let giveUp: (lastOutput: string) => void;
    const givenUp = new Promise<string>((resolve) => (giveUp = resolve));
    const postgres = await start({
      onGivenUp: (lastOutput) => giveUp(lastOutput),
      restartPausesMs: [0, 10],
    });
    await rm(join(postgres.dataPath, 'global', 'pg_control'));
    process.kill(await postmasterPid(postgres.dataPath), 'SIGKILL');
    expect(await givenUp).toContain('The embedded PostgreSQL did not start');
    await postgres.stop();
  });

  it('stops while it is being started again', async () => {
    const postgres = await start({ restartPausesMs: [60_000] });
    process.kill(await postmasterPid(postgres.dataPath), 'SIGKILL');
    await vi.waitFor(() => expect(logLines.join('')).toContain('stopped unexpectedly'));
    await postgres.stop();
    await expect(query(postgres.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });
});
