// @ts-check
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from './paths.mjs';
import { prismaStampFile } from './prisma-client.mjs';
import { ScriptError, withProgress } from './progress.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

/** What `npm start` runs. */
export const bundleFile = inRoot('dist/gateway/main.js');
const stampFile = inRoot('dist/gateway/.stamp');

/** Builds the gateway into one file if a source has changed since. */
export async function bundleGateway() {
  const wanted = fingerprint(
    [
      inRoot('gateway/src'),
      inRoot('package.json'),
      inRoot('tsconfig.json'),
      prismaStampFile,
      fileURLToPath(import.meta.url),
    ],
    (file) => !file.endsWith('.test.ts'),
  );
  if (isStamped(stampFile, wanted)) return;
  await withProgress('Building the gateway', writeBundle);
  writeStamp(stampFile, wanted);
}

/** Our own modules become one file with a source map; packages stay in `node_modules`. */
async function writeBundle() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: inRoot(),
    entryPoints: ['gateway/src/main.ts'],
    outfile: bundleFile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: 'linked',
    write: false,
    logLevel: 'silent',
  }).catch((/** @type {unknown} */ error) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScriptError(`${reason}\nThe gateway could not be built.`);
  });
  mkdirSync(dirname(bundleFile), { recursive: true });
  // The map first, and each by a rename: a process that starts meanwhile finds the old or the new.
  for (const file of outputFiles.sort((a) => (extname(a.path) === '.map' ? -1 : 1))) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    writeFileSync(temporary, file.contents);
    renameSync(temporary, file.path);
  }
}
