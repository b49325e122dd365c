// @ts-check
import { fileURLToPath } from 'node:url';
import { inRoot } from './paths.mjs';
import { ScriptError, withProgress } from './progress.mjs';
import { runNode } from './run.mjs';
import { fingerprint, isStamped } from './stamp.mjs';

/** What the gateway serves at `/`. */
export const consoleDirectory = inRoot('dist/console');
const buildFile = inRoot('gateway/scripts/lib/write-console.mjs');

/** Builds the console if a source has changed since. */
export async function bundleConsole() {
  const wanted = fingerprint(
    [
      inRoot('console/index.html'),
      inRoot('console/public'),
      inRoot('console/src'),
      inRoot('console/tsconfig.json'),
      inRoot('console/vite.config.ts'),
      inRoot('console/graphql-for-requests.ts'),
      inRoot('package.json'),
      inRoot('package-lock.json'),
      inRoot('gateway/scripts/lib/publish-folder.mjs'),
      buildFile,
      fileURLToPath(import.meta.url),
    ],
    // The build itself writes the tree of routes.
    (file) => !/\.(test\.tsx?|gen\.ts)$/.test(file),
  );
  // With the build, so that it goes when another build takes its place.
  if (isStamped(inRoot('dist/console/.stamp'), wanted)) return;
  await withProgress('Building the console', async () => {
    // A process of its own: what building takes in memory is given back before the gateway starts.
    const { code, output } = await runNode(buildFile, [consoleDirectory, wanted], {
      capture: true,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (code !== 0) throw new ScriptError(`${output}\nThe console could not be built.`);
  });
}
