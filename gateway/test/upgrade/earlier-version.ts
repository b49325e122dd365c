import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { inheritedEnv, projectRoot } from '../process.ts';
import { earlierCommit, earlierTree } from './earlier-commit.ts';

/** An earlier version of Tessera that has been built and can be started. */
export interface EarlierVersion {
  /** A release tag such as `v1.2.3`, or a commit. */
  readonly name: string;
  /** The version's project root, for `startGateway`. */
  readonly root: string;
}

const cacheFolder = join(projectRoot, '.cache/upgrade');

/**
 * Unpacks and builds the newest earlier version, unless an earlier run has already done so.
 * @throws Error if the repository's history is missing or the version cannot be built
 */
export async function prepareEarlierVersion(): Promise<EarlierVersion> {
  const { name, commit } = await findEarlierVersion();
  const root = join(cacheFolder, commit);
  await removeOtherVersions(commit);
  if (!(await isPrepared(root))) await prepare(commit, root);
  return { name, root };
}

async function findEarlierVersion(): Promise<{ readonly name: string; readonly commit: string }> {
  if ((await git('rev-parse', '--is-shallow-repository')) === 'true') {
    throw new Error(
      'The upgrade test needs the whole history, and this clone is shallow. ' +
        'Run `git fetch --unshallow --tags`.',
    );
  }
  // Without this setting, git sorts v1.0.0-rc.1 after v1.0.0.
  const tags = await git(
    ...['-c', 'versionsort.suffix=-', 'tag', '--list', 'v[0-9]*', '--sort=-version:refname'],
    ...['--merged', 'HEAD', '--no-contains', 'HEAD'],
  );
  const [tag = ''] = tags.split('\n');
  if (tag !== '')
    return { name: tag, commit: await git('rev-parse', '--verify', `${tag}^{commit}`) };
  return { name: earlierCommit, commit: await findByTree(earlierTree) };
}

/** Returns the newest commit in the history that has this tree. */
async function findByTree(tree: string): Promise<string> {
  const commits = (await git('log', '--format=%H %T', 'HEAD')).split('\n');
  const commit = commits.find((line) => line.endsWith(` ${tree}`))?.split(' ')[0];
  if (commit !== undefined) return commit;
  throw new Error(
    `The history has no commit with the tree ${tree}. Correct gateway/test/upgrade/earlier-commit.ts.`,
  );
}

/**
 * Runs a git command in the project folder.
 * @returns stdout without the trailing line break
 */
async function git(...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', args, {
      cwd: projectRoot,
      env: inheritedEnv(),
    });
    return stdout.trimEnd();
  } catch (error) {
    throw new Error(
      `The upgrade test builds an earlier version from the history of the repository, but "git ${args.join(' ')}" ` +
        'failed. Run the tests in a clone with its whole history (`git fetch --unshallow --tags`).',
      { cause: error },
    );
  }
}

/**
 * Removes versions that are no longer needed and files that killed runs left behind. The name of a folder that is being
 * prepared ends with the id of the process that is preparing it.
 */
async function removeOtherVersions(commit: string): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  for (const name of await readdir(cacheFolder)) {
    const pid = /\.(\d+)$/.exec(name)?.[1];
    if (name === commit || (pid !== undefined && isRunning(Number(pid)))) continue;
    await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH
  }
}

/**
 * Reports whether an existing folder can be used. A folder gets its final name only when it is complete, so only its
 * packages have to be compared with its lock file.
 */
async function isPrepared(root: string): Promise<boolean> {
  try {
    const packages = await lstat(join(root, 'node_modules'));
    return packages.isDirectory() || (await fitsOurPackages(root));
  } catch {
    return false; // ENOENT
  }
}

type LockedPackages = Readonly<
  Record<string, { version?: string; integrity?: string; optional?: boolean }>
>;

/**
 * Returns whether every package in the lock file is installed in this folder, at the path and in the version that the
 * lock file specifies.
 */
async function fitsOurPackages(root: string): Promise<boolean> {
  const [wanted, installed] = await Promise.all([
    readPackages(join(root, 'package-lock.json')),
    // npm's record of the installed packages.
    readPackages(join(projectRoot, 'node_modules/.package-lock.json')),
  ]);
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    // The first entry is the project itself. Optional packages might be for other platforms.
    if (path === '' || (found === undefined && optional === true)) return true;
    return found?.version === version && found?.integrity === integrity;
  });
}

async function readPackages(file: string): Promise<LockedPackages> {
  // npm documents this shape for lock files.
  const { packages } = JSON.parse(await readFile(file, 'utf8')) as { packages: LockedPackages };
  return packages;
}

async function prepare(commit: string, root: string): Promise<void> {
  const folder = `${root}.${process.pid}`;
  // A killed run might have had the same process id.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const archive = join(folder, 'archive.tar');
  await git('archive', '--output', archive, commit);
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
  const shared = await fitsOurPackages(folder);
  if (shared) await symlink('../../../node_modules', join(folder, 'node_modules'));
  await build(folder, { install: !shared });
  await rm(root, { recursive: true, force: true });
  await rename(folder, root);
}

/** Builds the version with its own scripts. Its console is not built because the gateway can start without it. */
async function build(folder: string, { install }: { readonly install: boolean }): Promise<void> {
  const steps = [
    ...(install ? [{ file: 'install.mjs', step: 'installDependencies' }] : []),
    { file: 'prisma-client.mjs', step: 'generatePrismaClient' },
    { file: 'bundle.mjs', step: 'bundleGateway' },
  ];
  const script = steps
    .map(({ file, step }) => `await (await import('./gateway/scripts/lib/${file}')).${step}();`)
    .join('\n');
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    env: inheritedEnv(),
  });
}
