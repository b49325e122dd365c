import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asAccount, chooseAccount } from './account.ts';
import { findBinaries, shareBinaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const exec = promisify(execFile);

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'tessera-binaries-'));
  await chmod(parent, 0o711);
});

afterEach(() => rm(parent, { recursive: true, force: true }));

describe('findBinaries', () => {
  it('finds the programs for this platform', async () => {
    const { postgres, version, majorVersion } = await findBinaries();
    const { stdout } = await exec(postgres, ['--version']);
    expect(stdout).toContain(`(PostgreSQL) ${/^\d+\.\d+/.exec(version)?.[0]}`);
    expect(majorVersion).toBe(18);
  });

  it('suggests DATABASE_URL if there are no programs for the platform', async () => {
    const search = findBinaries('sunos', 'sparc');
    await expect(search).rejects.toBeInstanceOf(EmbeddedPostgresError);
    await expect(search).rejects.toThrow(/no embedded PostgreSQL for sunos-sparc.*DATABASE_URL/);
  });
});

describe('shareBinaries', () => {
  it('creates a copy for an account without access to the originals', async () => {
    const found = await findBinaries();
    const account = await chooseAccount('/nonexistent');
    const closed = join(parent, 'closed');
    await mkdir(closed, { mode: 0o700 });
    // The file modes that result from an installation with umask 077.
    await exec('cp', ['-a', found.root, join(closed, 'native')]);
    await exec('chmod', ['-R', 'go-rwx', closed]);

    const open = join(parent, 'open');
    await mkdir(open);
    await chmod(open, 0o711);
    const umask = process.umask(0o077);
    const shared = await shareBinaries({ ...found, root: join(closed, 'native') }, open).finally(
      () => process.umask(umask),
    );
    expect(await readdir(open)).toEqual([`postgresql-${found.version}`]);
    const { stdout } = await exec(shared.postgres, ['--describe-config'], asAccount(account));
    expect(stdout).toContain('shared_buffers');
    expect(await readdir(join(shared.root, 'share'))).toEqual(
      await readdir(join(found.root, 'share')),
    );
  });

  it('creates the copy once, with hard links if possible', async () => {
    const found = await findBinaries();
    const copies = await Promise.all([shareBinaries(found, parent), shareBinaries(found, parent)]);
    expect(copies[0]).toEqual(copies[1]);
    const [original, copy] = await Promise.all([stat(found.postgres), stat(copies[0].postgres)]);
    // On Linux, only root can create hard links to other users' files.
    const mayLink = process.getuid?.() === 0 || process.getuid?.() === original.uid;
    expect(copy.ino === original.ino).toBe(mayLink && original.dev === copy.dev);

    const again = await shareBinaries(found, parent);
    expect((await stat(again.postgres)).ctimeMs).toBe(copy.ctimeMs);
    expect(await readdir(parent)).toEqual([`postgresql-${found.version}`]);
  });
});
