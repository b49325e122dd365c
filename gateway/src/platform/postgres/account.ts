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
 * Chooses the account that runs PostgreSQL, which cannot run as root. If the gateway runs as an ordinary user, returns
 * null, and PostgreSQL runs as that user. If the gateway runs as root, returns the owner of the data folder. If the
 * folder does not exist or belongs to root, returns the user `postgres`, or `nobody` if `postgres` does not exist.
 *
 * @param dataPath the cluster's data folder, which does not need to exist yet
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
    `PostgreSQL cannot run as root, and none of these users exists on this machine: ${unprivilegedNames.join(', ')}. ` +
      'Create one of them, start Tessera as an ordinary user, or set DATABASE_URL.',
  );
}

/**
 * Reports whether the account has access to a path. The flag is an option of the `test` command: `-x` checks for
 * permission to enter or execute the path, and `-r` for permission to read it.
 */
export async function canReach(
  account: Account | null,
  flag: '-r' | '-x',
  path: string,
): Promise<boolean> {
  try {
    await exec('/bin/sh', ['-c', 'test "$1" "$2"', 'sh', flag, path], asAccount(account));
    return true;
  } catch (error) {
    // `test` exits with 1 if access is denied. Any other code is an error.
    if (error instanceof Error && 'code' in error && error.code === 1) return false;
    throw error;
  }
}

/**
 * Returns options for a process that runs as the account. It does not inherit the gateway's environment, which contains
 * secrets.
 */
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
    // `id` exits with 1 for an unknown user.
    if (error instanceof Error && 'code' in error && error.code === 1) return null;
    throw error;
  }
}
