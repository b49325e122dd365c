// @ts-check
import { fileURLToPath } from 'node:url';
import { inRoot } from './paths.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';
import { writeBundle } from './write-bundle.mjs';

/** What `npm run tessera` runs. */
export const cliFile = inRoot('dist/cli/tessera.mjs');
const stampFile = inRoot('dist/cli/.stamp');

/**
 * Builds the command line if a source has changed since: one file that needs nothing but Node, so that it can
 * be copied to where a pipeline runs. It says nothing, since stdout is the command's.
 */
export async function bundleCli() {
  const wanted = fingerprint(
    [
      inRoot('gateway/src/cli'),
      inRoot('tsconfig.json'),
      inRoot('node_modules/commander/package.json'),
      inRoot('gateway/scripts/lib/write-bundle.mjs'),
      fileURLToPath(import.meta.url),
    ],
    (file) => !file.endsWith('.test.ts'),
  );
  if (isStamped(stampFile, wanted)) return;
  await writeBundle(
    {
      entryPoints: ['gateway/src/cli/main.ts'],
      outfile: cliFile,
      // commander is CommonJS and asks for Node's modules with `require`, which ES modules lack.
      banner: {
        js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
      },
      legalComments: 'inline',
    },
    'The command line',
  );
  writeStamp(stampFile, wanted);
}
