import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pg from 'pg';
import tar from 'tar-stream';
import { z } from 'zod';
import { errorCode } from '../../files/error-code.ts';
import { textEntry, textOf, writeArchive, type ArchiveEntry } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { streamBaseBackup } from './base-backup.ts';

/** The version of the archive's structure. */
export const formatVersion = 1;

/** The content of the first entry, `backup.json`, which describes the backup. */
export const backupHeader = z.object({
  format: z.number().int(),
  createdAt: z.iso.datetime(),
  /** Tessera's version, for messages. */
  tessera: z.string(),
  postgresMajor: z.number().int(),
  /** The names of all migrations that were applied to the database. */
  migrations: z.array(z.string()),
});

export type BackupHeader = Readonly<z.infer<typeof backupHeader>>;

/** The names of the archive's entries. The files of the cluster are below `data`. */
export const entryNames = {
  header: 'backup.json',
  password: 'postgres-password',
  keys: 'keys',
  data: 'data',
} as const;

export interface BackupOptions {
  /** The connection string of the running cluster. */
  readonly url: string;
  readonly password: string;
  /** The folder that contains the generated keys. */
  readonly directory: string;
  readonly file: string;
  readonly force: boolean;
  readonly header: Pick<BackupHeader, 'tessera' | 'postgresMajor'>;
}

/**
 * Writes a backup of a running cluster and of the generated keys to one file.
 * @throws BackupError, or the error of the operating system or of PostgreSQL
 */
export async function writeBackup(options: BackupOptions): Promise<void> {
  const { file, force } = options;
  if (!force && (await exists(file))) {
    throw new BackupError(
      `${file} already exists. Choose another name, or replace it with --force.`,
    );
  }
  const partial = `${file}.${process.pid}.partial`;
  try {
    await writeArchive(partial, contentsOf(options));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function* contentsOf(options: BackupOptions): AsyncGenerator<ArchiveEntry> {
  const { url, password, directory } = options;
  const header: BackupHeader = {
    format: formatVersion,
    createdAt: new Date().toISOString(),
    migrations: await appliedMigrations(url),
    ...options.header,
  };
  yield textEntry(entryNames.header, JSON.stringify(header, null, 2));
  yield textEntry(entryNames.password, password);
  for (const name of await secretFiles(directory)) {
    yield textEntry(`${entryNames.keys}/${name}`, await readFile(join(directory, name)));
  }
  const extract = tar.extract();
  const source = streamBaseBackup(url);
  source.on('error', (error) => extract.destroy(error));
  source.pipe(extract as unknown as NodeJS.WritableStream);
  for await (const entry of extract) {
    const { name, type, size } = entry.header;
    const path = name.replace(/^\.\//, '').replace(/\/$/, '');
    if (path === '' || path === '.') {
      // The data folder itself.
      await textOf(entry);
      continue;
    }
    if (type !== 'file' && type !== 'directory') {
      throw new BackupError(`The data folder contains ${basename(path)}, which is not a file.`);
    }
    const isDirectory = type === 'directory';
    yield { name: `${entryNames.data}/${path}`, isDirectory, size, content: entry };
  }
}

async function appliedMigrations(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT migration_name AS name FROM tessera._prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The generated keys in a data directory: `access-token-key.secret`. */
export async function secretFiles(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith('.secret')).sort();
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
