import { chmod, mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { findBinaries } from './binaries.ts';
import {
  readClusterState,
  statePath,
  writeClusterState,
  type ClusterState,
} from './cluster-state.ts';
import { ensureCluster, superuser } from './cluster.ts';
import { keepRunning } from './keep-running.ts';
import { choosePlace, type Place } from './place.ts';
import { startWithRetries } from './start-with-retries.ts';

const database = 'tessera';

export interface EmbeddedPostgresOptions {
  /**
   * The folder for `postgres.json` and, if PostgreSQL has access to the folder, for the data. The caller must ensure
   * that only one process uses it at a time (platform/files/data-directory.ts).
   */
  readonly directory: string;
  readonly logger: Logger;
  /** Server parameters that override the defaults, such as `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether `stop` deletes the data. */
  readonly temporary?: boolean;
  /**
   * The folder for data and programs if the gateway runs as root and PostgreSQL's account has no access to `directory`.
   * @default '/var/lib/tessera'
   */
  readonly sharedRoot?: string;
  /** Startup timeout in milliseconds. Startup includes crash recovery. */
  readonly timeoutMs?: number;
  /** Called once with the last lines of PostgreSQL's log if it exited without `stop` and could not be restarted. */
  readonly onGivenUp?: (lastOutput: string) => void;
  /** See `KeepRunningOptions`. */
  readonly restartPausesMs?: readonly number[];
}

export interface EmbeddedPostgres {
  /** The connection string of the database `tessera` for its superuser. It contains the password. */
  readonly url: string;
  readonly port: number;
  readonly dataPath: string;
  /** Performs a fast shutdown and waits until it is complete. Can be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL 18 that listens on 127.0.0.1 and requires a password. The first start creates the
 * cluster and its database. If PostgreSQL exits, it is started again on the same port and recovers. When this process
 * ends for any reason, PostgreSQL shuts down as well.
 *
 * @throws EmbeddedPostgresError with a message for the operator
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  await makePassable(directory);
  const { sharedRoot = '/var/lib/tessera', logger } = options;
  const { place, state } = await choosePlace(
    { directory, binaries: await findBinaries(), sharedRoot, logger },
    await readClusterState(directory),
  );
  const remove = async () => {
    if (options.temporary === true) await removeCluster(directory, place, state);
  };
  try {
    return await runCluster({ ...options, directory }, place, state, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function runCluster(
  options: EmbeddedPostgresOptions,
  place: Place,
  state: ClusterState,
  afterStop: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const { directory, logger, timeoutMs = 120_000 } = options;
  const settings = { ...defaultSettings, ...options.settings };
  await ensureCluster(directory, place, state, settings['fsync'] !== 'off');
  const { postmaster, port } = await startWithRetries({
    place,
    settings,
    preferredPort: state.port,
    timeoutMs,
    logger,
  });
  try {
    await ensureDatabase(port, state.password);
    if (!state.initialised || state.port !== port) {
      await writeClusterState(directory, { ...state, port, initialised: true });
    }
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
  let stopped: Promise<void> | null = null;
  const running = keepRunning(postmaster, {
    restart: async () => {
      const again = { place, settings, preferredPort: port, onlyPort: true, timeoutMs, logger };
      return (await startWithRetries(again)).postmaster;
    },
    logger,
    onGivenUp: (lastOutput) => options.onGivenUp?.(lastOutput),
    ...(options.restartPausesMs === undefined ? {} : { pausesMs: options.restartPausesMs }),
  });
  return {
    url: clusterUrl(port, state.password),
    port,
    dataPath: place.dataPath,
    stop: () => (stopped ??= running.stop().then(afterStop)),
  };
}

/**
 * Creates the folder so that other users cannot access it. If root runs the gateway, PostgreSQL's account must be able
 * to traverse it.
 */
async function makePassable(directory: string): Promise<void> {
  if ((await mkdir(directory, { recursive: true })) === undefined) return;
  // Set explicitly because mkdir applies the umask to its mode.
  await chmod(directory, process.getuid?.() === 0 ? 0o711 : 0o700);
}

/** Settings that differ from PostgreSQL's defaults because the machine also runs other programs. */
const defaultSettings: Readonly<Record<string, string>> = {
  // In this setting, LOG ranks above ERROR, so statement errors, which can contain data, are not logged.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  log_line_prefix: '',
  lc_messages: 'C',
  timezone: 'UTC',
  max_connections: '100',
  // Dumping or dropping a schema locks each of its tables.
  max_locks_per_transaction: '256',
  // For an API's short statements, JIT compilation costs more time than it saves.
  jit: 'off',
};

/** Returns the connection string of the cluster's database for its superuser. */
export function clusterUrl(port: number, password: string): string {
  return urlOf(port, password, database);
}

function urlOf(port: number, password: string, name: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${name}`;
}

/**
 * Creates the database at the first start. Connecting also verifies that the port and password belong to our server.
 */
async function ensureDatabase(port: number, password: string): Promise<void> {
  const client = new pg.Client({
    connectionString: urlOf(port, password, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}

async function removeCluster(directory: string, place: Place, state: ClusterState): Promise<void> {
  await rm(state.place ?? place.dataPath, { recursive: true, force: true });
  await rm(statePath(directory), { force: true });
}
