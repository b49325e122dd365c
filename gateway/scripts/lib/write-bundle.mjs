// @ts-check
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { inRoot } from './paths.mjs';
import { ScriptError } from './progress.mjs';

/**
 * Bundles modules for the oldest Node.js version that Tessera supports.
 * @param {import('esbuild').BuildOptions & { outfile: string }} options
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
  mkdirSync(dirname(options.outfile), { recursive: true });
  // Each file is replaced by a rename, the source map first, so that a starting process never loads an incomplete file.
  for (const file of outputFiles.sort((a) => (extname(a.path) === '.map' ? -1 : 1))) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    writeFileSync(temporary, file.contents);
    renameSync(temporary, file.path);
  }
}
