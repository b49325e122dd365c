import { join, resolve } from 'node:path';
import pg from 'pg';
import { keyNames, parseConfig, type Config } from '../config.ts';
import { countOf } from '../platform/count-of.ts';
import { readMigrations } from '../platform/db/migration-files.ts';
import { openDataDirectory } from '../platform/files/data-directory.ts';
import { DirectoryInUseError } from '../platform/files/directory-lock.ts';
import { writeBackup } from '../platform/postgres/backup/back-up.ts';
import { BackupError } from '../platform/postgres/backup/backup-error.ts';
import { restoreBackup } from '../platform/postgres/backup/restore.ts';
import { findBinaries } from '../platform/postgres/binaries.ts';
import { hasClusterState, readClusterState } from '../platform/postgres/cluster-state.ts';
import {
  clusterUrl,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../platform/postgres/embedded-postgres.ts';
import { createLogger, type Logger } from '../platform/telemetry/logger.ts';
import { explainDirectoryError } from './start-error.ts';

export { startFailureMessage } from './start-error.ts';

export interface BackupCommand {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project root, which contains the migrations and, by default, the data directory. */
  readonly root: string;
  /** Tessera's version. */
  readonly version: string;
  /** The backup. */
  readonly file: string;
  readonly force: boolean;
}

const sharedRoot = '/var/lib/tessera';

/**
 * Backs up the embedded PostgreSQL and the generated keys to one file. A gateway can be running.
 * @returns lines to print
 * @throws an error that `startFailureMessage` explains, or an unexpected error
 */
export async function backUp(command: BackupCommand): Promise<readonly string[]> {
  const { config, directory, logger } = prepare(command);
  const server = await connect(directory, logger);
  try {
    const { majorVersion: postgresMajor } = await findBinaries();
    const { password } = await readClusterState(directory);
    const header = { tessera: command.version, postgresMajor };
    const { file, force } = command;
    await writeBackup({ url: server.url, password, directory, file, force, header });
  } finally {
    await server.stop();
  }
  return [`Backed up to ${command.file}. It contains passwords and keys. Keep it secret.`].concat(
    keysElsewhere(config),
  );
}

/**
 * Restores a backup to the data directory, and starts PostgreSQL once to check that the data can be read.
 * @returns lines to print
 * @throws an error that `startFailureMessage` explains, or an unexpected error
 */
export async function restore(command: BackupCommand): Promise<readonly string[]> {
  const { config, directory, logger } = prepare(command);
  const { file, force, root } = command;
  const lock = await openDataDirectory(directory).catch((error: unknown) => {
    throw explainDirectoryError(error, directory);
  });
  try {
    const migrations = await readMigrations(join(root, 'prisma/migrations'));
    const names = migrations.map(({ name }) => name);
    const options = { file, force, directory, sharedRoot, logger, migrations: names };
    const { header, replaced } = await restoreBackup(options);
    const projects = await countProjects(directory, logger);
    return [
      `Restored the backup of ${header.createdAt} to ${directory}: ${countOf(projects, 'project')}.`,
      ...replaced.map(
        (path) => `The previous data is in ${path}. Delete it if you do not need it.`,
      ),
      ...keysElsewhere(config),
    ];
  } finally {
    await lock.close();
  }
}

function prepare({ env, root }: BackupCommand) {
  const config = parseConfig(env);
  if (config.database.url !== null) {
    throw new BackupError(
      'DATABASE_URL is set. Back up and restore your own PostgreSQL with pg_dump and pg_restore (docs/guide/back-up.md).',
    );
  }
  const directory = resolve(root, config.dataDirectory);
  return { config, directory, logger: createLogger({ level: 'error', format: 'pretty' }) };
}

/** Connects to the running gateway's PostgreSQL, or starts it. */
async function connect(
  path: string,
  logger: Logger,
): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  if (!(await hasClusterState(path).catch(() => false))) {
    throw new BackupError(
      `${path} contains no database. Set DATA_DIR to the folder of your gateway.`,
    );
  }
  try {
    const directory = await openDataDirectory(path);
    try {
      const server = await startEmbeddedPostgres({ directory: path, sharedRoot, logger });
      return { url: server.url, stop: () => server.stop().then(() => directory.close()) };
    } catch (error) {
      await directory.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof DirectoryInUseError)) throw explainDirectoryError(error, path);
    const { port, password } = await readClusterState(path);
    if (port === null) throw new BackupError('The gateway is still starting. Try again.');
    return { url: clusterUrl(port, password), stop: () => Promise.resolve() };
  }
}

async function countProjects(directory: string, logger: Logger): Promise<number> {
  const server = await startEmbeddedPostgres({ directory, sharedRoot, logger });
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM tessera.projects',
    );
    return rows[0]?.n ?? 0;
  } finally {
    await client.end().catch(() => undefined);
    await server.stop();
  }
}

/** Keys that the environment sets are not in the data directory, so they are not in the backup. */
function keysElsewhere({ keys }: Config): readonly string[] {
  const given = { ACCESS_TOKEN_KEY: keys.accessToken, REFRESH_TOKEN_KEY: keys.refreshToken };
  const all = { ...given, PASSWORD_PEPPER: keys.passwordPepper };
  const names = keyNames.filter((name) => all[name] !== null);
  if (names.length === 0) return [];
  return [
    `The backup does not contain ${names.join(', ')}, which the environment sets. Keep these values too.`,
  ];
}
