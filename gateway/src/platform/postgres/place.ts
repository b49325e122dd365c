import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { errorCode } from '../files/error-code.ts';
import { canReach, chooseAccount, type Account } from './account.ts';
import { shareBinaries, type Binaries } from './binaries.ts';
import { readClusterState, writeClusterState, type ClusterState } from './cluster-state.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/**
 * The folders for a cluster's data and programs, and the account that runs the programs (null for this process's user).
 */
export interface Place {
  readonly dataPath: string;
  readonly binaries: Binaries;
  readonly account: Account | null;
}

export interface PlaceOptions {
  /** The folder for the cluster's state and, if PostgreSQL's account has access to the folder, for its data. */
  readonly directory: string;
  readonly binaries: Binaries;
  /** The folder for data and programs if PostgreSQL's account has no access to `directory`. */
  readonly sharedRoot: string;
  readonly logger: Logger;
}

/**
 * Chooses the folders for the data and the programs and records them in the state. Data is stored in `directory` and
 * programs are used from node_modules. If root starts the gateway in a folder that other users cannot enter, both are
 * stored below `sharedRoot`.
 *
 * @throws EmbeddedPostgresError if existing data is no longer accessible
 */
export async function choosePlace(
  options: PlaceOptions,
  state: ClusterState,
): Promise<{ place: Place; state: ClusterState }> {
  const { directory, binaries, sharedRoot } = options;
  const account = await chooseAccount(dataPathOf(directory, state));
  if (account === null) {
    return { place: { dataPath: dataPathOf(directory, state), binaries, account }, state };
  }
  const settled = await settleData(options, state, account);
  const reachable =
    (await canReach(account, '-x', binaries.postgres)) &&
    (await canReach(account, '-r', join(binaries.root, 'share')));
  if (!reachable) await makeShared(sharedRoot);
  return {
    place: {
      dataPath: dataPathOf(directory, settled),
      binaries: reachable ? binaries : await shareBinaries(binaries, sharedRoot),
      account,
    },
    state: settled,
  };
}

function dataPathOf(directory: string, state: ClusterState): string {
  return state.place === null ? join(directory, 'postgres') : join(state.place, 'data');
}

async function settleData(
  { directory, sharedRoot, logger }: PlaceOptions,
  state: ClusterState,
  account: Account,
): Promise<ClusterState> {
  if (state.place !== null) {
    await warnOfOrphans(sharedRoot, logger);
    return state;
  }
  if (await canReach(account, '-x', directory)) return state;
  if (state.initialised) {
    throw new EmbeddedPostgresError(
      `PostgreSQL runs as the user ${account.uid}, who no longer has access to its data in ${directory}. ` +
        'Allow other users to traverse its parent folders (chmod o+x), or start Tessera as the owner of these folders.',
    );
  }
  const place = join(sharedRoot, randomBytes(8).toString('hex'));
  await makeShared(sharedRoot);
  await makeShared(place);
  await writeFile(originPath(place), JSON.stringify({ directory }), { mode: 0o600 });
  const settled = { ...state, place };
  await writeClusterState(directory, settled);
  logger.info(
    { place },
    `PostgreSQL cannot run as root, and other users have no access to ${directory}. The data is stored in ${place}`,
  );
  await warnOfOrphans(sharedRoot, logger);
  return settled;
}

/** Creates a folder that all users can traverse but only root can list and write to. */
async function makeShared(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o711);
}

const origin = z.object({ directory: z.string() });

function originPath(place: string): string {
  return join(place, 'origin.json');
}

/**
 * Logs the clusters whose original directory no longer refers to them, for example because `.tessera` was deleted. The
 * clusters are not deleted, because the directory might be on a disk that is currently not mounted.
 */
async function warnOfOrphans(sharedRoot: string, logger: Logger): Promise<void> {
  for (const name of await readdir(sharedRoot)) {
    const place = join(sharedRoot, name);
    const directory = await originOf(place);
    if (directory === null) continue;
    const state = await readClusterState(directory).catch(() => null);
    if (state === null || state.place === place) continue;
    logger.warn(
      { place, directory },
      `${place} contains a database that ${directory} no longer uses. Delete it if you do not need it`,
    );
  }
}

async function originOf(place: string): Promise<string | null> {
  try {
    return origin.parse(JSON.parse(await readFile(originPath(place), 'utf8'))).directory;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return null;
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
