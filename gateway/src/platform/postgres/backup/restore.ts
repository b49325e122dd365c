import { chown, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { findBinaries } from '../binaries.ts';
import {
  hasClusterState,
  readClusterState,
  statePath,
  writeClusterState,
  type ClusterState,
} from '../cluster-state.ts';
import { EmbeddedPostgresError } from '../embedded-postgres-error.ts';
import { choosePlace, type Place } from '../place.ts';
import { readArchive, textOf, type ArchiveEntry } from './archive.ts';
import {
  backupHeader,
  entryNames,
  exists,
  formatVersion,
  secretFiles,
  type BackupHeader,
} from './back-up.ts';
import { BackupError } from './backup-error.ts';

export interface RestoreOptions {
  readonly file: string;
  /** The data directory, which the caller has locked. */
  readonly directory: string;
  readonly sharedRoot: string;
  /** Whether existing data is moved aside. Otherwise, it is an error. */
  readonly force: boolean;
  /** The names of the migrations that this version of Tessera has. */
  readonly migrations: readonly string[];
  readonly logger: Logger;
}

export interface RestoreReport {
  readonly header: BackupHeader;
  /** The folders with the replaced data and keys. */
  readonly replaced: readonly string[];
}

/**
 * Restores a backup. Everything is first extracted to a draft folder and checked, so a damaged file changes nothing.
 * @throws BackupError, EmbeddedPostgresError, or the error of the operating system
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { directory, sharedRoot, logger } = options;
  const binaries = await findBinaries();
  const known = await knownState(options);
  const { place, state } = await choosePlace({ directory, binaries, sharedRoot, logger }, known);
  await refuseExisting(options, place, state);
  const draft = `${place.dataPath}.restored`;
  await rm(draft, { recursive: true, force: true });
  try {
    const { header, password, keys } = await extract(options, place, draft);
    const replaced = await setAside(directory, place);
    for (const [name, key] of keys) {
      await writeFile(join(directory, name), key, { mode: 0o600, flag: 'wx' });
    }
    await rename(draft, place.dataPath);
    await writeClusterState(directory, { ...state, password, port: null, initialised: true });
    return { header, replaced };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The state of the cluster in the directory. A damaged state is replaced with `force`. */
async function knownState({ directory, force }: RestoreOptions): Promise<ClusterState> {
  try {
    return await readClusterState(directory);
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError) || !force) throw error;
    return { password: '', port: null, place: null, initialised: false };
  }
}

async function refuseExisting(
  { directory, force }: RestoreOptions,
  place: Place,
  { initialised }: ClusterState,
): Promise<void> {
  const isUsed =
    initialised || (await exists(place.dataPath)) || (await secretFiles(directory)).length > 0;
  if (!isUsed || force) return;
  throw new BackupError(
    `${directory} already contains a database or keys. Set DATA_DIR to another folder, or use --force, which moves the ` +
      'existing data aside.',
  );
}

interface Extracted {
  readonly header: BackupHeader;
  readonly password: string;
  /** The generated keys by file name. */
  readonly keys: ReadonlyMap<string, Buffer>;
}

const keyName = /^[a-z][a-z0-9-]{0,63}\.secret$/;
const maxKeyBytes = 4_096;

async function extract(options: RestoreOptions, place: Place, draft: string): Promise<Extracted> {
  const { file } = options;
  const keys = new Map<string, Buffer>();
  let header: BackupHeader | null = null;
  let password: string | null = null;
  await createFolder(draft, place);
  await readArchive(file, async (entry) => {
    const [top, ...rest] = entry.name.split('/');
    if (entry.name === entryNames.header) {
      header = readHeader(file, await textOf(small(entry)));
      refuseOtherVersions(options, header, place.binaries.majorVersion);
    } else if (header === null) {
      throw new BackupError(`${file} is not a backup of Tessera.`);
    } else if (entry.name === entryNames.password) {
      password = await textOf(small(entry));
    } else if (top === entryNames.keys && keyName.test(rest.join('/'))) {
      keys.set(rest.join('/'), await bytesOf(small(entry)));
    } else if (top === entryNames.data && rest.length > 0) {
      await writeEntry(join(draft, ...rest), entry, place);
    } else {
      throw new BackupError(`${file} contains ${entry.name}, which does not belong to a backup.`);
    }
  });
  // The callback has set both, which the compiler does not take into account.
  const found = { header: header as BackupHeader | null, password: password as string | null };
  if (
    found.header === null ||
    found.password === null ||
    !(await exists(join(draft, 'PG_VERSION')))
  ) {
    throw new BackupError(`${file} is not a complete backup of Tessera.`);
  }
  return { header: found.header, password: found.password, keys };
}

function readHeader(file: string, text: string): BackupHeader {
  const parsed = backupHeader.safeParse(JSON.parse(text));
  if (!parsed.success) throw new BackupError(`${file} is not a backup of Tessera.`);
  return parsed.data;
}

function refuseOtherVersions(
  { file, migrations }: RestoreOptions,
  header: BackupHeader,
  postgresMajor: number,
): void {
  const known = new Set(migrations);
  if (header.format > formatVersion || header.migrations.some((name) => !known.has(name))) {
    throw new BackupError(
      `${file} was written by a newer version of Tessera (${header.tessera}). Restore it with that version.`,
    );
  }
  if (header.postgresMajor !== postgresMajor) {
    throw new BackupError(
      `${file} contains a database of PostgreSQL ${header.postgresMajor}, but this version of Tessera has PostgreSQL ` +
        `${postgresMajor}. Restore it with Tessera ${header.tessera}.`,
    );
  }
}

/** Returns the content of an entry that is read into memory. */
function small({ name, size, content }: ArchiveEntry): ArchiveEntry['content'] {
  const limit = name === entryNames.header ? 1024 * 1024 : maxKeyBytes;
  if (size > limit) throw new BackupError(`The entry ${name} of the backup is too long.`);
  return content;
}

async function bytesOf(content: ArchiveEntry['content']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function writeEntry(path: string, entry: ArchiveEntry, place: Place): Promise<void> {
  if (entry.isDirectory) return createFolder(path, place);
  // The archive lists a folder before its files, except for folders that PostgreSQL does not list.
  if (!(await exists(dirname(path)))) await createFolder(dirname(path), place);
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of entry.content) await file.writeFile(chunk);
    if (place.account !== null) await file.chown(place.account.uid, place.account.gid);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function createFolder(path: string, { account }: Place): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account !== null) await chown(path, account.uid, account.gid);
}

/** Renames existing data and keys. @returns the folders that contain them */
async function setAside(directory: string, { dataPath }: Place): Promise<readonly string[]> {
  const suffix = `replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  const replaced: string[] = [];
  if (await exists(dataPath)) {
    await rename(dataPath, `${dataPath}.${suffix}`);
    replaced.push(`${dataPath}.${suffix}`);
  }
  const names = [...(await secretFiles(directory))];
  if (names.length > 0 || (await hasClusterState(directory))) {
    const aside = join(directory, suffix);
    await mkdir(aside, { mode: 0o700 });
    for (const name of names) await rename(join(directory, name), join(aside, name));
    await rename(statePath(directory), join(aside, 'postgres.json')).catch(() => undefined);
    replaced.push(aside);
  }
  return replaced;
}
