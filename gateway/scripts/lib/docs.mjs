// @ts-check
import { fileURLToPath } from 'node:url';
import { inRoot } from './paths.mjs';
import { ScriptError, withProgress } from './progress.mjs';
import { runNode } from './run.mjs';
import { fingerprint, isStamped } from './stamp.mjs';

/** The files that the gateway serves at `/docs/`. */
export const docsDirectory = inRoot('dist/docs');
const buildFile = inRoot('gateway/scripts/lib/write-docs.mjs');

/** Builds the documentation if a page has changed. */
export async function buildDocs() {
  const wanted = fingerprint([
    inRoot('docs'),
    inRoot('package-lock.json'),
    inRoot('gateway/scripts/lib/publish-folder.mjs'),
    buildFile,
    fileURLToPath(import.meta.url),
  ]);
  if (isStamped(inRoot('dist/docs/.stamp'), wanted)) return;
  await withProgress('Building the documentation', async () => {
    const { code, output } = await runNode(buildFile, [docsDirectory, wanted], {
      capture: true,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (code !== 0) throw new ScriptError(`${output}\nBuilding the documentation failed.`);
  });
}
