import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../files/error-code.ts';
import { asAccount } from './account.ts';
import {
  hasClusterState,
  statePath,
  writeClusterState,
  type ClusterState,
} from './cluster-state.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Place } from './place.ts';

const exec = promisify(execFile);

/** The cluster's superuser. */
export const superuser = 'tessera';

const initdbTimeoutMs = 120_000;

/** Creates the cluster at the first start. At later starts, checks that it exists and has the right version. */
export async function ensureCluster(
  directory: string,
  place: Place,
  state: ClusterState,
  sync: boolean,
): Promise<void> {
  const version = await dataVersion(place.dataPath);
  if (version === null && state.initialised) {
    throw new EmbeddedPostgresError(
      `The database in ${place.dataPath} is missing. Restore it from a backup, ` +
        `or delete ${statePath(directory)} to start with an empty database.`,
    );
  }
  if (version === null) {
    await writeClusterState(directory, state);
    await initialiseCluster(place, state.password, sync);
    return;
  }
  if (version !== place.binaries.majorVersion) {
    throw new EmbeddedPostgresError(
      `${place.dataPath} was created by PostgreSQL ${version}, but the embedded version is ${place.binaries.version}. ` +
        `Dump the data with pg_dumpall from PostgreSQL ${version}, and load the dump into a new database.`,
    );
  }
  if (!(await hasClusterState(directory))) {
    throw new EmbeddedPostgresError(
      `There is a database in ${place.dataPath}, but the file with its password, ${statePath(directory)}, is missing. ` +
        'Restore the file from a backup, or move the database to another folder to start with an empty database.',
    );
  }
}

/** Returns the major version in the data folder's `PG_VERSION` file, or null if there is no data. */
async function dataVersion(dataPath: string): Promise<number | null> {
  try {
    await stat(dataPath);
    return Number.parseInt(await readFile(join(dataPath, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (errorCode(error) !== 'EACCES') throw error;
    throw new EmbeddedPostgresError(
      `The data in ${dataPath} belongs to another user. Start Tessera as root or as that user.`,
      { cause: error },
    );
  }
}

/**
 * Creates the cluster's data folder atomically. The encoding is UTF-8. PostgreSQL's built-in locale C.UTF-8 sorts and
 * compares text in the same way on every machine. All users need a password.
 *
 * @param sync whether to flush the files to disk (false only for data that can be lost)
 */
async function initialiseCluster(place: Place, password: string, sync: boolean): Promise<void> {
  // If this process is killed, the draft folder remains, but the data folder is never incomplete.
  const draft = `${place.dataPath}.draft`;
  await rm(draft, { recursive: true, force: true });
  try {
    await mkdir(draft, { mode: 0o700 });
    const passwordFile = join(draft, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (place.account !== null) {
      const { uid, gid } = place.account;
      await Promise.all([chown(draft, uid, gid), chown(passwordFile, uid, gid)]);
    }
    await runInitdb(place, join(draft, 'data'), passwordFile, sync);
    await rename(join(draft, 'data'), place.dataPath);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function runInitdb(
  place: Place,
  dataPath: string,
  passwordFile: string,
  sync: boolean,
): Promise<void> {
  const options = [
    `--pgdata=${dataPath}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(sync ? [] : ['--no-sync']),
  ];
  try {
    await exec(place.binaries.initdb, options, {
      ...asAccount(place.account),
      timeout: initdbTimeoutMs,
      killSignal: 'SIGKILL',
    });
  } catch (error) {
    throw new EmbeddedPostgresError(
      `PostgreSQL could not create its data folder in ${place.dataPath}: ${complaint(error)}`,
      { cause: error },
    );
  }
}

/** Returns the last lines that a failed program wrote to stderr, or the reason why it could not be started. */
function complaint(error: unknown): string {
  const stderr =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string'
      ? error.stderr.trim()
      : '';
  if (stderr !== '') return stderr.split('\n').slice(-5).join('\n');
  return error instanceof Error ? error.message : String(error);
}
