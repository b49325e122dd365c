// @ts-check
import { fileURLToPath } from 'node:url';
import { inRoot } from './paths.mjs';
import { ScriptError, withProgress } from './progress.mjs';
import { runNode } from './run.mjs';
import { fingerprint, isStamped } from './stamp.mjs';

/** The files that the gateway serves at `/`. */
export const consoleDirectory = inRoot('dist/console');
const buildFile = inRoot('gateway/scripts/lib/write-console.mjs');

/** Builds the console if a source has changed. */
export async function bundleConsole() {
  const wanted = fingerprint(
    [
      inRoot('console/index.html'),
      inRoot('console/public'),
      inRoot('console/src'),
      // Templates of the schema page.
      inRoot('examples'),
      inRoot('console/tsconfig.json'),
      inRoot('console/vite.config.ts'),
      inRoot('console/graphql-for-requests.ts'),
      inRoot('package.json'),
      inRoot('package-lock.json'),
      inRoot('gateway/scripts/lib/publish-folder.mjs'),
      buildFile,
      fileURLToPath(import.meta.url),
    ],
    // The route tree (*.gen.ts) is written by the build itself.
    (file) => !/\.(test\.tsx?|gen\.ts)$/.test(file),
  );
  // The stamp is stored in the build folder so that it is replaced together with the build.
  if (isStamped(inRoot('dist/console/.stamp'), wanted)) return;
  await withProgress('Building the console', async () => {
    // Runs in a separate process so that the memory used by the build is freed before the gateway starts.
    const { code, output } = await runNode(buildFile, [consoleDirectory, wanted], {
      capture: true,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (code !== 0) throw new ScriptError(`${output}\nBuilding the console failed.`);
  });
}
