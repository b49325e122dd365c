// @ts-check
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { inRoot } from './paths.mjs';
import { ScriptError } from './progress.mjs';

/**
 * Bundles modules for the oldest Node.js version that Tessera supports.
 * @param {import('esbuild').BuildOptions} options
 * @param {string} what for the error message, for example "The gateway"
 */
export async function writeBundle(options, what) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: inRoot(),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'silent',
    ...options,
    write: false,
  }).catch((/** @type {unknown} */ error) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScriptError(`${reason}\n${what} could not be built.`);
  });
  // Each file is replaced by a rename, in an order in which a starting process never loads an incomplete file: source
  // maps first, and files that others import before main.js.
  for (const file of outputFiles.sort((a, b) => order(a.path) - order(b.path))) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(temporary, file.contents);
    renameSync(temporary, file.path);
  }
}

/** @param {string} path */
function order(path) {
  if (extname(path) === '.map') return 0;
  return basename(path) === 'main.js' ? 2 : 1;
}
