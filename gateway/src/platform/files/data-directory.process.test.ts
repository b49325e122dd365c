import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDirectory } from './data-directory.ts';
import { DirectoryInUseError } from './directory-lock.ts';

let parent: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'tessera-files-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(parent, { recursive: true, force: true });
});

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** Starts another process, which opens the folder when it receives a line of input and prints the result. */
function contender(directory: string) {
  const script = `
    import { openDataDirectory } from ${here('./data-directory.ts')};
    process.stdin.on('data', async () => {
      try {
        const data = await openDataDirectory(${JSON.stringify(directory)});
        console.log('won', (await data.secret('signing')).toString('hex'));
      } catch (error) {
        console.log(error.name, error.message);
      }
    });
    console.log('ready');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const line = await lines.next();
    return line.done === true ? 'ended' : line.value;
  };
  return {
    pid: child.pid,
    nextLine,
    open: () => {
      child.stdin.write('go\n');
      return nextLine();
    },
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function readyContenders(directory: string, count: number) {
  const all = Array.from({ length: count }, () => contender(directory));
  for (const one of all) expect(await one.nextLine()).toBe('ready');
  return all;
}

describe('the data directory', () => {
  it('is accessible only to its owner, except that PostgreSQL can traverse it under root', async () => {
    const data = await openDataDirectory(join(parent, 'a', 'b'));
    const { mode } = await stat(data.path);
    expect(mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
    await data.close();
  });

  it('can be opened by one gateway at a time, and again after it is closed', async () => {
    const directory = join(parent, 'data');
    const first = await openDataDirectory(directory);
    const second = await openDataDirectory(directory).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(DirectoryInUseError);
    expect(second).toMatchObject({ pid: process.pid });
    await first.close();
    const third = await openDataDirectory(directory);
    await first.close();
    await expect(openDataDirectory(directory)).rejects.toThrow(`process ${process.pid}`);
    await third.close();
  });

  it('can be shared by gateways with an external database, which then share its secrets', async () => {
    const directory = join(parent, 'data');
    const own = await openDataDirectory(directory);
    const [first, second] = [
      await openDataDirectory(directory, { shared: true }),
      await openDataDirectory(directory, { shared: true }),
    ];
    expect(await first.secret('pepper')).toEqual(await second.secret('pepper'));
    await first.close();
    await second.close();
    // Closing the shared handles does not release the exclusive lock.
    await expect(openDataDirectory(directory)).rejects.toThrow(DirectoryInUseError);
    await own.close();
  });

  it('is taken over from a killed process by exactly one of several processes', async () => {
    const directory = join(parent, 'data');
    const [victim, ...heirs] = await readyContenders(directory, 4);
    expect(await victim?.open()).toMatch(/^won/);
    expect(await heirs[0]?.open()).toMatch(
      new RegExp(`DirectoryInUseError.*process ${victim?.pid}`),
    );

    await victim?.kill();
    const outcomes = await Promise.all(heirs.map((heir) => heir.open()));
    const loser = outcomes.find((outcome) => !outcome.startsWith('won'));
    expect(outcomes.filter((outcome) => outcome.startsWith('won'))).toHaveLength(1);
    expect(loser).toMatch('DirectoryInUseError');
  });

  it('is taken over by exactly one of many concurrent attempts', async () => {
    for (let round = 0; round < 50; round++) {
      await writeFile(
        join(parent, 'lock'),
        JSON.stringify({ pid: 1, startedAt: 'never', id: randomUUID() }),
      );
      const tries = Array.from({ length: 20 }, () => openDataDirectory(parent));
      const outcomes = await Promise.allSettled(tries);
      const heirs = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(heirs).toHaveLength(1);
      expect(losers.every(({ reason }) => reason instanceof DirectoryInUseError)).toBe(true);
      expect(await readdir(parent)).toEqual(['lock']);
      await heirs[0]?.value.close();
    }
  });

  it('is not locked by an unrelated process with the same process id', async () => {
    const directory = join(parent, 'data');
    const data = await openDataDirectory(directory);
    const lock = join(directory, 'lock');
    const claim: unknown = JSON.parse(await readFile(lock, 'utf8'));
    await data.close();
    await writeFile(lock, JSON.stringify(Object.assign({}, claim, { startedAt: '1' })));
    const successor = await openDataDirectory(directory);
    expect(await readdir(directory)).toEqual(['lock']);
    await successor.close();
  });

  it('can be opened after a process died while taking over the lock', async () => {
    const directory = join(parent, 'data');
    const data = await openDataDirectory(directory);
    await data.close();
    const dead = (id: string) => JSON.stringify({ pid: 1, startedAt: 'never', id });
    const ids = ['5f0c0dc4-3a52-4d4c-9a9e-0d2d7b7a2c11', 'f3a7a1f0-52f4-4b83-9a52-1f6f0f4b6b0a'];
    await writeFile(join(directory, 'lock'), dead(ids[0] ?? ''));
    await writeFile(join(directory, `lock.after-${ids[0]}`), dead(ids[1] ?? ''));
    const successor = await openDataDirectory(directory);
    expect(await readdir(directory)).toEqual(['lock']);
    await expect(openDataDirectory(directory)).rejects.toBeInstanceOf(DirectoryInUseError);
    await successor.close();
  });

  it('reports a damaged lock', async () => {
    await writeFile(join(parent, 'lock'), '');
    await expect(openDataDirectory(parent)).rejects.toThrow(/lock is damaged.*delete the file/);
  });
});

describe('a secret', () => {
  it('is generated once, stored, and readable only by its owner', async () => {
    const data = await openDataDirectory(parent);
    const all = await Promise.all(Array.from({ length: 20 }, () => data.secret('signing')));
    expect(new Set(all.map((secret) => secret.toString('hex'))).size).toBe(1);
    expect(all[0]).toHaveLength(32);
    expect(await data.secret('other')).not.toEqual(all[0]);
    const { mode } = await stat(join(parent, 'signing.secret'));
    expect(mode & 0o777).toBe(0o600);
    await data.close();

    const later = await openDataDirectory(parent);
    expect(await later.secret('signing')).toEqual(all[0]);
    await later.close();
  });

  it('is rejected if it is truncated or its name points outside the folder', async () => {
    const data = await openDataDirectory(parent);
    await writeFile(join(parent, 'short.secret'), 'too short');
    await expect(data.secret('short')).rejects.toThrow(/is 9 bytes long, but must be 32/);
    await expect(data.secret('../escape')).rejects.toThrow(/not a valid name/);
    await data.close();
  });
});
