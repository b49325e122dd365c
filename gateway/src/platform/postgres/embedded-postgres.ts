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
import { choosePlace, type Place } from './place.ts';
import { startWithRetries } from './start-with-retries.ts';

const database = 'tessera';

export interface EmbeddedPostgresOptions {
  /**
   * Holds `postgres.json` and, where PostgreSQL can reach it, the data. The caller sees to it that only
   * one process uses it at a time (platform/files/data-directory.ts).
   */
  readonly directory: string;
  readonly logger: Logger;
  /** Server parameters that take precedence: `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Deletes the data when stopped. */
  readonly temporary?: boolean;
  /** Where data and programs go that root's unprivileged account cannot reach; by default below /var/lib. */
  readonly sharedRoot?: string;
  /** Milliseconds that a start may take; recovery after a crash is part of it. */
  readonly timeoutMs?: number;
  /** Called once with PostgreSQL's last words when it ends although nobody called `stop`. */
  readonly onUnexpectedExit?: (lastWords: string) => void;
}

export interface EmbeddedPostgres {
  /** `postgres://…` with the password, to the database `tessera`, as its superuser. A secret. */
  readonly url: string;
  readonly port: number;
  readonly dataPath: string;
  /** Fast shutdown, and waits for its end. May be called again. */
  stop(): Promise<void>;
}

/**
 * Runs a PostgreSQL 18 of our own for as long as this process lives: on 127.0.0.1, behind a password. The
 * first start makes the cluster and its database; after a crash PostgreSQL recovers. It never outlives
 * this process for long, however that ends.
 *
 * @throws EmbeddedPostgresError saying what is wrong and the way out
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
  void postmaster.exited.then((lastWords) => {
    if (stopped === null) options.onUnexpectedExit?.(lastWords);
  });
  return {
    url: urlOf(port, state.password, database),
    port,
    dataPath: place.dataPath,
    stop: () => (stopped ??= postmaster.stop().then(afterStop)),
  };
}

/** Closed to others, but under root PostgreSQL's account must be able to pass through. */
async function makePassable(directory: string): Promise<void> {
  if ((await mkdir(directory, { recursive: true })) === undefined) return;
  // By hand, since a umask would take from a mode given to mkdir.
  await chmod(directory, process.getuid?.() === 0 ? 0o711 : 0o700);
}

/** On top of PostgreSQL's defaults, for one machine that also does other things. */
const defaultSettings: Readonly<Record<string, string>> = {
  // LOG is above ERROR here: what statements fail on, and with which data, is not written down.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  log_line_prefix: '',
  lc_messages: 'C',
  timezone: 'UTC',
  max_connections: '100',
  // A dump or drop of one schema locks each of its tables.
  max_locks_per_transaction: '256',
  // Compiling costs more than it saves on the short statements that an API makes.
  jit: 'off',
};

function urlOf(port: number, password: string, name: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${name}`;
}

/** Makes the database on the first start. Reaching it also proves that port and password are ours. */
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
