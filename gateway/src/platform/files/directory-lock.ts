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
  /** The unique id of this claim. */
  id: z.uuid(),
});
type Claim = z.infer<typeof claim>;

/** Another process has locked the folder. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(
      `${directory} is in use by another Tessera gateway (process ${pid}). ` +
        'Stop that gateway, or set DATA_DIR to another folder.',
    );
    this.pid = pid;
  }
}

const lockName = 'lock';
const successorPrefix = 'lock.after-';
const mostRounds = 20;

/**
 * Locks the folder for this process until `release`. A lock that belongs to a process that is no longer running, for
 * example after SIGKILL, is taken over.
 *
 * Only one of several processes can take over a stale lock. A claim is a file that is created atomically. To take over
 * from the stale claim X, a process creates `lock.after-X`, which only one process can do. Only this process replaces
 * `lock`. If it dies before that, its claim is also stale and is taken over in the same way.
 *
 * @throws DirectoryInUseError if a running process has locked the folder
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
  throw new Error(`${lock} keeps changing. Several processes may be competing for it.`);
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
    // Another process finished taking over after we read the chain and before we made our claim.
    await rm(successor, { force: true });
    return false;
  }
  await rename(successor, join(directory, lockName));
  await removeSuccessors(directory, chain);
  return true;
}

/** Returns the claim in `lock`, followed by its successors. The last claim is the valid one. */
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
      throw new Error(`${path} is damaged. If no gateway is using this folder, delete the file.`, {
        cause: error,
      });
    }
    throw error;
  }
}

function successorPath(directory: string, dead: Claim): string {
  return join(directory, `${successorPrefix}${dead.id}`);
}

/** Removes the claims between the old lock and ours, which belong to processes that died while taking over. */
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
