// @ts-check
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { inRoot } from './paths.mjs';
import { ScriptError } from './progress.mjs';

/**
 * Bundles our own modules, and what else `options` say, for the oldest Node that Tessera supports.
 * @param {import('esbuild').BuildOptions & { outfile: string }} options
 * @param {string} what such as "The gateway", for the message when it fails
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
  // The map first, and each by a rename: a process that starts meanwhile finds the old or the new.
  for (const file of outputFiles.sort((a) => (extname(a.path) === '.map' ? -1 : 1))) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    writeFileSync(temporary, file.contents);
    renameSync(temporary, file.path);
  }
}
