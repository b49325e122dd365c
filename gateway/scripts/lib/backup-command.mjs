// @ts-check
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
import { loadDotEnv } from './dot-env.mjs';
import { installDependencies } from './install.mjs';
import { inRoot, root } from './paths.mjs';
import { ScriptError } from './progress.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';
import { writeBundle } from './write-bundle.mjs';

const file = inRoot('dist/backup/backup.mjs');
const stampFile = inRoot('dist/backup/.stamp');

/** Bundles the commands if a source file has changed. */
async function bundleBackup() {
  const wanted = fingerprint(
    [
      inRoot('gateway/src'),
      inRoot('package.json'),
      inRoot('tsconfig.json'),
      inRoot('gateway/scripts/lib/write-bundle.mjs'),
      fileURLToPath(import.meta.url),
    ],
    (path) => !path.endsWith('.test.ts'),
  );
  if (isStamped(stampFile, wanted)) return;
  await writeBundle(
    { entryPoints: ['gateway/src/startup/backup.ts'], outfile: file, packages: 'external' },
    'The backup command',
  );
  writeStamp(stampFile, wanted);
}

/**
 * Runs `npm run backup` or `npm run restore`. Prints the result.
 * @param {'backUp' | 'restore'} name
 */
export async function runBackupCommand(name) {
  const { path, force } = readArguments(name);
  await installDependencies();
  await bundleBackup();
  loadDotEnv();
  const { version } = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  );
  const commands = /** @type {typeof import('../../src/startup/backup.ts')} */ (
    await import(pathToFileURL(file).href)
  );
  try {
    const command = { env: process.env, root, version, file: path, force };
    for (const line of await commands[name](command)) console.log(line);
  } catch (error) {
    const message = commands.startFailureMessage(error);
    throw message === null ? error : new ScriptError(message);
  }
}

/**
 * npm runs scripts in the project root, but the file is relative to the caller's folder.
 * @param {'backUp' | 'restore'} name
 */
function readArguments(name) {
  const script = name === 'backUp' ? 'backup' : 'restore';
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { force: { type: 'boolean', default: false } },
    });
    const [path, ...others] = positionals;
    if (path === undefined || others.length > 0) throw new Error('Name one file.');
    const folder = process.env.npm_lifecycle_event === script ? process.env.INIT_CWD : undefined;
    return { path: resolve(folder ?? process.cwd(), path), force: values.force };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScriptError(`${reason}\nUsage: npm run ${script} -- FILE [--force]`);
  }
}
