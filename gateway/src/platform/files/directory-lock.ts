import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createFileOnce } from './create-file-once.ts';
import { errorCode } from './error-code.ts';
import { identityOf, stillRuns } from './process-identity.ts';

const claim = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string().nullable(),
  /** Names this claim and no other. */
  id: z.uuid(),
});
type Claim = z.infer<typeof claim>;

/** Another process holds the lock. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(
      `${directory} is in use by another Tessera, process ${pid}. ` +
        'Stop that one first, or give this one another folder (DATA_DIR).',
    );
    this.pid = pid;
  }
}

const lockName = 'lock';
const successorPrefix = 'lock.after-';
const mostRounds = 20;

/**
 * Takes the folder for this process alone, until `release`. A lock whose process is gone, such as after
 * SIGKILL, is taken over.
 *
 * Two that find the same dead lock must not both win. A claim is a file that is made whole or not at all,
 * and the successor of the dead claim X is whoever makes `lock.after-X`: one of them. Only the successor
 * replaces `lock`. Should it die before it has, its file names the next claim to succeed, and so on.
 *
 * @throws DirectoryInUseError when a living process holds it
 */
export async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  const own: Claim = { ...(await identityOf(process.pid)), id: randomUUID() };
  const lock = join(directory, lockName);
  for (let round = 0; round < mostRounds; round++) {
    const chain = await readChain(directory);
    const last = chain.at(-1);
    if (last !== undefined && (await stillRuns(last))) {
      throw new DirectoryInUseError(directory, last.pid);
    }
    if (last === undefined) {
      if (await createFileOnce(lock, JSON.stringify(own), 0o600)) return lockOf(directory, own);
      continue;
    }
    if (await succeed(directory, chain, last, own)) return lockOf(directory, own);
  }
  throw new Error(`${lock} changes all the time; several processes seem to fight over it.`);
}

async function succeed(
  directory: string,
  chain: readonly Claim[],
  last: Claim,
  own: Claim,
): Promise<boolean> {
  const successor = successorPath(directory, last);
  if (!(await createFileOnce(successor, JSON.stringify(own), 0o600))) return false;
  const now = await readChain(directory);
  const expected = [...chain, own];
  if (now.map(({ id }) => id).join() !== expected.map(({ id }) => id).join()) {
    // We looked before somebody else finished taking over, and claimed after.
    await rm(successor, { force: true });
    return false;
  }
  await rename(successor, join(directory, lockName));
  await removeSuccessors(directory, chain);
  return true;
}

/** The claim in `lock`, then those that succeed it; the last one counts. */
async function readChain(directory: string): Promise<readonly Claim[]> {
  const chain: Claim[] = [];
  let path = join(directory, lockName);
  for (;;) {
    const next = await readClaim(path);
    if (next === null) return chain;
    chain.push(next);
    path = successorPath(directory, next);
  }
}

async function readClaim(path: string): Promise<Claim | null> {
  try {
    return claim.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw new Error(`${path} is damaged. If no Tessera uses this folder, delete it.`, {
        cause: error,
      });
    }
    throw error;
  }
}

function successorPath(directory: string, dead: Claim): string {
  return join(directory, `${successorPrefix}${dead.id}`);
}

/** Those between the old lock and ours: of processes that died while they took over. */
async function removeSuccessors(directory: string, chain: readonly Claim[]): Promise<void> {
  const names = new Set(chain.map(({ id }) => `${successorPrefix}${id}`));
  for (const name of await readdir(directory)) {
    if (names.has(name)) await rm(join(directory, name), { force: true });
  }
}

function lockOf(directory: string, own: Claim): { release(): Promise<void> } {
  return {
    async release() {
      const held = await readClaim(join(directory, lockName));
      if (held?.id === own.id) await rm(join(directory, lockName), { force: true });
    },
  };
}
