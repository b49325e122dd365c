import { execFile, type ExecFileOptions } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from '../files/error-code.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const exec = promisify(execFile);

/** The numeric user and group that PostgreSQL runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const root = 0;
const unprivilegedNames = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root. Returns null for an ordinary user (PostgreSQL then runs as that
 * user); for root the owner of the data if they exist, else the `postgres` user, else `nobody`.
 *
 * @param dataPath the cluster's data, which need not exist yet
 */
export async function chooseAccount(dataPath: string): Promise<Account | null> {
  if (process.getuid?.() !== root) return null;
  const owner = await ownerOf(dataPath);
  if (owner !== null && owner.uid !== root) return owner;
  for (const name of unprivilegedNames) {
    const account = await accountNamed(name);
    if (account !== null) return account;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and this machine has none of the users ${unprivilegedNames.join(', ')}. ` +
      'Make one, start Tessera as an ordinary user, or set DATABASE_URL.',
  );
}

/** May the account do with a path what `test` asks: `-x` enter or run it, `-r` read it? */
export async function canReach(
  account: Account | null,
  flag: '-r' | '-x',
  path: string,
): Promise<boolean> {
  try {
    await exec('/bin/sh', ['-c', 'test "$1" "$2"', 'sh', flag, path], asAccount(account));
    return true;
  } catch (error) {
    // `test` ends with 1 for no; anything else is trouble of another kind.
    if (error instanceof Error && 'code' in error && error.code === 1) return false;
    throw error;
  }
}

/** What a process gets that runs as the account: nothing of the gateway's environment, which holds secrets. */
export function asAccount(account: Account | null): ExecFileOptions {
  return {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...account,
  };
}

async function ownerOf(path: string): Promise<Account | null> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function accountNamed(name: string): Promise<Account | null> {
  try {
    const [user, group] = await Promise.all([exec('id', ['-u', name]), exec('id', ['-g', name])]);
    return { uid: Number(user.stdout.trim()), gid: Number(group.stdout.trim()) };
  } catch (error) {
    // `id` ends with 1 for an unknown user.
    if (error instanceof Error && 'code' in error && error.code === 1) return null;
    throw error;
  }
}
