import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  inheritedEnv,
  projectRoot,
  startGateway,
  type GatewayProcess,
} from '../../test/process.ts';
import { signIn, signUp } from '../../test/sign-up.ts';
import {
  readArchive,
  textEntry,
  textOf,
  writeArchive,
} from '../platform/postgres/backup/archive.ts';
import { BackupError } from '../platform/postgres/backup/backup-error.ts';

// Startup takes about a second, but much longer on a machine that runs other tests at the same time.
vi.setConfig({ testTimeout: 180_000 });

const exec = promisify(execFile);

let folder: string;
const started: GatewayProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-backup-'));
  // When root runs the tests, PostgreSQL runs as another user, which must be able to traverse this folder.
  await chmod(folder, 0o711);
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);

async function start(directory: string): Promise<GatewayProcess> {
  const gateway = await startGateway({ env: { DATA_DIR: at(directory) } });
  started.push(gateway);
  return gateway;
}

/** Runs `npm run backup` or `npm run restore`. Returns the exit code and the output. */
async function run(script: 'backup' | 'restore', directory: string, args: readonly string[]) {
  const file = join(projectRoot, `gateway/scripts/${script}.mjs`);
  const env = { ...inheritedEnv(), DATA_DIR: at(directory) };
  try {
    const { stdout, stderr } = await exec(process.execPath, [file, ...args], { env, cwd: folder });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    // `execFile` adds these properties to the error of a command that failed.
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

describe('a backup of the embedded PostgreSQL', () => {
  it('is made while the gateway runs, and restored with its keys to an empty folder', async () => {
    const gateway = await start('old');
    await signUp(gateway.origin);
    const backup = await run('backup', 'old', ['saved']);
    expect(backup).toMatchObject({ code: 0 });
    expect(backup.output).toContain(`Backed up to ${at('saved')}`);
    expect((await stat(at('saved'))).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['old', 'saved']);
    await signIn(gateway.origin);
    await gateway.stop();

    expect(await run('restore', 'new', ['saved'])).toMatchObject({ code: 0 });
    const restored = await start('new');
    // The password can only be checked with the pepper from the backup.
    await signIn(restored.origin);
    expect(await restored.stop()).toMatchObject({ code: 0 });
  });

  it('is made while the gateway is stopped, and replaces neither files nor data without --force', async () => {
    const gateway = await start('data');
    await signUp(gateway.origin);
    const running = await run('restore', 'data', ['missing']);
    expect(running).toMatchObject({ code: 1 });
    expect(running.output).toContain('is in use by another Tessera gateway');
    await gateway.stop();

    expect(await run('backup', 'data', ['saved'])).toMatchObject({ code: 0 });
    const again = await run('backup', 'data', ['saved']);
    expect(again).toEqual({
      code: 1,
      output: `${at('saved')} already exists. Choose another name, or replace it with --force.\n`,
    });
    expect(await run('backup', 'data', ['saved', '--force'])).toMatchObject({ code: 0 });

    const refused = await run('restore', 'data', ['saved']);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.output).toContain('already contains a database or keys');
    const forced = await run('restore', 'data', ['saved', '--force']);
    expect(forced).toMatchObject({ code: 0 });
    expect(forced.output).toContain('The previous data is in');
    await signIn((await start('data')).origin);
  });

  it('is refused if it is damaged, incomplete or from a newer version, and changes nothing', async () => {
    await (await start('data')).stop();
    await run('backup', 'data', ['saved']);
    const bytes = await readFile(at('saved'));

    const flipped = Buffer.from(bytes);
    const middle = Math.floor(flipped.length / 2);
    flipped[middle] = (flipped[middle] ?? 0) ^ 0xff;
    await writeFile(at('flipped'), flipped);
    await writeFile(at('short'), bytes);
    await truncate(at('short'), bytes.length - 1_000);
    await writeFile(at('text'), 'not a backup');
    for (const name of ['flipped', 'short', 'text']) {
      const { code, output } = await run('restore', 'other', [name]);
      expect({ name, code }).toEqual({ name, code: 1 });
      expect(output).toContain(`${at(name)} is not a complete backup`);
      expect(output).not.toMatch(/ {4}at /);
    }

    await rewritten('newer', (header) => ({ ...header, migrations: ['9999_future'] }));
    await rewritten('format', (header) => ({ ...header, format: 2 }));
    for (const name of ['newer', 'format']) {
      const { code, output } = await run('restore', 'other', [name]);
      expect({ name, code }).toEqual({ name, code: 1 });
      expect(output).toContain('was written by a newer version of Tessera');
    }
    await rewritten('major', (header) => ({ ...header, postgresMajor: 17 }));
    expect((await run('restore', 'other', ['major'])).output).toContain('PostgreSQL 17');
    expect(await readdir(at('other'))).toEqual([]);
  });

  it('is not made of a database at DATABASE_URL', async () => {
    const env = { ...inheritedEnv(), DATABASE_URL: 'postgres://localhost/tessera' };
    const file = join(projectRoot, 'gateway/scripts/backup.mjs');
    await expect(exec(process.execPath, [file, at('saved')], { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('pg_dump') as string,
    });
  });
});

/** Writes a backup with another header, which has valid checksums. */
async function rewritten(
  name: string,
  change: (header: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  let header: Record<string, unknown> = {};
  await readArchive(at('saved'), async (entry) => {
    const text = await textOf(entry.content);
    // The first entry is a JSON object.
    if (entry.name === 'backup.json') header = JSON.parse(text) as Record<string, unknown>;
  });
  await writeArchive(
    at(name),
    (function* () {
      yield textEntry('backup.json', JSON.stringify(change(header)));
    })(),
  );
}

describe('an archive', () => {
  it.each(['../escape', 'data/../../escape', '/absolute', 'data//x', 'da\\ta'])(
    'with the entry %s is refused',
    async (name) => {
      await writeArchive(at('archive'), [textEntry(name, 'content')]);
      await expect(readArchive(at('archive'), () => Promise.resolve())).rejects.toThrow(
        BackupError,
      );
    },
  );

  it('is refused if a file is missing, changed or added', async () => {
    await writeArchive(at('archive'), [
      textEntry('one', '1'),
      textEntry('checksums.json', JSON.stringify({ one: '0'.repeat(64) })),
    ]);
    const visit = async ({ content }: { readonly content: Parameters<typeof textOf>[0] }) => {
      await textOf(content);
    };
    await expect(readArchive(at('archive'), visit)).rejects.toThrow('does not match its checksums');
  });
});
