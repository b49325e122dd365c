// @ts-check
import { readFileSync } from 'node:fs';
import { ScriptError, withProgress } from './progress.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

const stampFile = inRoot('node_modules', '.tessera-install');

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} LockedPackages */

/**
 * Prisma's packages download an engine binary when they are installed or run, unless this variable names an existing
 * file. Tessera does not use that binary (docs/decisions).
 */
export const withoutPrismaDownload = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };

/** Installs the locked dependencies if `node_modules` does not match package-lock.json. */
export async function installDependencies() {
  const wanted = fingerprint([inRoot('package.json'), inRoot('package-lock.json')]);
  if (isStamped(stampFile, wanted)) return;
  if (!holdsTheLockedPackages()) await withProgress('Installing dependencies', cleanInstall);
  writeStamp(stampFile, wanted);
}

async function cleanInstall() {
  // With NODE_ENV=production, npm would not install the build tools.
  const [file, ...args] = [...npm(), 'ci', '--include=dev', '--loglevel=error'];
  const { code, output } = await run(file, args, {
    capture: true,
    env: { ...process.env, ...withoutPrismaDownload },
  });
  if (code !== 0) throw new ScriptError(`${output}\nInstalling the dependencies failed.`);
}

/** @returns {[string, ...string[]]} the npm executable that runs this script, or the one on the PATH */
export function npm() {
  const current = process.env.npm_execpath;
  if (current?.endsWith('npm-cli.js')) return [process.execPath, current];
  return ['npm'];
}

/**
 * Reports whether npm's record of installed packages matches the lock file. This avoids reinstalling after `npm install
 * <package>`, which writes no stamp.
 */
function holdsTheLockedPackages() {
  try {
    const locked = readPackages('package-lock.json');
    const installed = readPackages('node_modules/.package-lock.json');
    return Object.entries(locked).every(([path, entry]) => {
      const found = installed[path];
      if (path === '' || (found === undefined && entry.optional === true)) return true;
      return found?.version === entry.version && found?.integrity === entry.integrity;
    });
  } catch {
    return false; // nothing is installed yet
  }
}

/**
 * @param {string} file
 * @returns {LockedPackages}
 */
function readPackages(file) {
  const lock = /** @type {{ packages: LockedPackages }} */ (
    JSON.parse(readFileSync(inRoot(file), 'utf8'))
  );
  return lock.packages;
}
