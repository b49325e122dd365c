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

/** Where a cluster's data and programs are, and whom they run as (null: as this process's user). */
export interface Place {
  readonly dataPath: string;
  readonly binaries: Binaries;
  readonly account: Account | null;
}

export interface PlaceOptions {
  /** The folder with the cluster's state, and its data where they can be reached. */
  readonly directory: string;
  readonly binaries: Binaries;
  /** Where things go that root's unprivileged account cannot reach in `directory`. */
  readonly sharedRoot: string;
  readonly logger: Logger;
}

/**
 * Decides where the data and programs are, and remembers it in the state. They stay in place, unless root
 * starts the gateway in a folder that others cannot enter: then both go below `sharedRoot`.
 *
 * @throws EmbeddedPostgresError where existing data cannot be reached any more
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
      `PostgreSQL runs as user ${account.uid}, who cannot reach its data in ${directory} any more. ` +
        'Let others pass through the folders above it (chmod o+x), or start Tessera as their owner.',
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
    `PostgreSQL cannot run as root nor reach ${directory} as another user, so its data are in ${place}`,
  );
  await warnOfOrphans(sharedRoot, logger);
  return settled;
}

/** A folder that everybody can pass through and only root can list and write. */
async function makeShared(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o711);
}

const origin = z.object({ directory: z.string() });

function originPath(place: string): string {
  return join(place, 'origin.json');
}

/**
 * Names the clusters whose directory no longer knows them, such as after `.tessera` was deleted. They are
 * only named: the directory may be on a disk that is not mounted now.
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
      `${place} holds a database that ${directory} no longer uses; if you do not need it, delete it`,
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
