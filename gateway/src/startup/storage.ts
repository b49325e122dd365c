import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import { MigrationError } from '../platform/db/migration-files.ts';
import { keepsSessions } from '../platform/db/session-check.ts';
import { applyMigrations } from '../platform/db/migrations.ts';
import type { Secret } from '../platform/environment/secret.ts';
import { openDataDirectory, type DataDirectory } from '../platform/files/data-directory.ts';
import type { Lifecycle } from '../platform/lifecycle/lifecycle.ts';
import { startEmbeddedPostgres } from '../platform/postgres/embedded-postgres.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { explainServerVersion } from './server-version.ts';
import {
  explainConnectionString,
  explainDatabaseError,
  explainDirectoryError,
  explainPooler,
  StartError,
} from './start-error.ts';

export interface StorageOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  /** The project root. It contains the migrations, the console build and, by default, the data directory. */
  readonly root: string;
  /** Called if the embedded PostgreSQL stopped and could not be restarted. */
  readonly onDatabaseLost: (error: Error) => void;
}

/** The persistent state of the gateway. */
export interface Storage {
  /** The connection string for the migrated database. It contains a password. */
  readonly connectionString: string;
  /** The embedded PostgreSQL's data folder, or null if DATABASE_URL is set. */
  readonly databasePath: string | null;
  readonly mailDirectory: string;
  /** The folder that contains the migrations: `<name>/migration.sql`. */
  readonly migrationsDirectory: string;
  readonly keys: {
    readonly accessToken: Uint8Array;
    readonly refreshToken: Uint8Array;
    readonly passwordPepper: Uint8Array;
  };
}

/** The shutdown timeout for the embedded PostgreSQL, which writes its data to disk when it shuts down. */
const postgresStopTimeoutMs = 60_000;

/**
 * Opens the data directory, starts the embedded PostgreSQL unless DATABASE_URL is set, and applies the migrations.
 * @throws StartError, MigrationError, EmbeddedPostgresError or DirectoryInUseError. The message is for the operator.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { config, lifecycle, root } = options;
  const directory = await lifecycle.start({
    name: 'data directory',
    start: () => openDirectory(resolve(root, config.dataDirectory), config.database.url !== null),
    stop: (opened) => opened.close(),
  });
  const { connectionString, databasePath } = await locateDatabase(options, directory);
  const migrationsDirectory = join(root, 'prisma/migrations');
  await migrate(options, connectionString, migrationsDirectory);
  return {
    connectionString,
    databasePath,
    mailDirectory: join(directory.path, 'mail'),
    migrationsDirectory,
    keys: await readKeys(config, directory),
  };
}

async function openDirectory(path: string, shared: boolean): Promise<DataDirectory> {
  try {
    return await openDataDirectory(path, { shared });
  } catch (error) {
    throw explainDirectoryError(error, path);
  }
}

async function locateDatabase(options: StorageOptions, directory: DataDirectory) {
  const { config, lifecycle, logger, onDatabaseLost } = options;
  if (config.database.url !== null) {
    const connectionString = config.database.url.reveal();
    await checkDatabase(connectionString);
    return { connectionString, databasePath: null };
  }
  const postgres = await lifecycle.start({
    name: 'PostgreSQL',
    start: () =>
      startEmbeddedPostgres({
        directory: directory.path,
        logger,
        onGivenUp: (lastOutput) =>
          onDatabaseLost(
            new Error(`The embedded PostgreSQL could not be kept running: ${lastOutput}`),
          ),
      }),
    stop: (started) => started.stop(),
    stopTimeoutMs: postgresStopTimeoutMs,
  });
  return { connectionString: postgres.url, databasePath: postgres.dataPath };
}

/**
 * Checks the server's version, and that there is no pooler in transaction mode. This is the first connection, so this
 * check also reports errors in DATABASE_URL.
 */
async function checkDatabase(connectionString: string): Promise<void> {
  const client = firstClient(connectionString);
  // If the connection is lost, the running query also rejects, and that error is handled.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    const problem = explainServerVersion(Number(rows[0]?.server_version_num));
    if (problem !== null) throw new StartError(`PostgreSQL at ${client.host}: ${problem}`);
    if (!(await keepsSessions(connectionString))) throw explainPooler(connectionString);
  } catch (error) {
    throw error instanceof StartError ? error : explainDatabaseError(error, connectionString);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @throws StartError if a file that the connection string names cannot be read */
function firstClient(connectionString: string): pg.Client {
  try {
    return new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  } catch (error) {
    throw explainConnectionString(error);
  }
}

async function migrate(
  { config, logger }: StorageOptions,
  connectionString: string,
  directory: string,
): Promise<void> {
  try {
    await applyMigrations({
      connectionString,
      directory,
      logger,
    });
  } catch (error) {
    // The explanation mentions DATABASE_URL, which does not apply to the embedded PostgreSQL.
    if (error instanceof MigrationError || config.database.url === null) throw error;
    throw explainDatabaseError(error, connectionString);
  }
}

/**
 * Returns the keys from the environment. Missing keys are generated at the first start and stored in the data
 * directory.
 */
async function readKeys(config: Config, directory: DataDirectory): Promise<Storage['keys']> {
  const given = (key: Secret<Uint8Array> | null, name: string) =>
    key === null ? directory.secret(name) : Promise.resolve(key.reveal());
  const [accessToken, refreshToken, passwordPepper] = await Promise.all([
    given(config.keys.accessToken, 'access-token-key'),
    given(config.keys.refreshToken, 'refresh-token-key'),
    given(config.keys.passwordPepper, 'password-pepper'),
  ]);
  return { accessToken, refreshToken, passwordPepper };
}
