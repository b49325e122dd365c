// @ts-check
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inRoot } from './paths.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';
import { writeBundle } from './write-bundle.mjs';

/** The file that `npm run tessera` runs. */
export const cliFile = inRoot('dist/cli/tessera.mjs');
const stampFile = inRoot('dist/cli/.stamp');

/**
 * Builds the CLI if a source file has changed. The result is a single file that needs only Node.js and can be copied to
 * a CI pipeline. The build prints nothing, because stdout is reserved for the command's output.
 */
export async function bundleCli() {
  const wanted = fingerprint(
    [
      inRoot('gateway/src/cli'),
      inRoot('package.json'),
      inRoot('tsconfig.json'),
      inRoot('node_modules/commander/package.json'),
      inRoot('gateway/scripts/lib/write-bundle.mjs'),
      fileURLToPath(import.meta.url),
    ],
    (file) => !file.endsWith('.test.ts'),
  );
  if (isStamped(stampFile, wanted)) return;
  const { version } = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  );
  await writeBundle(
    {
      entryPoints: ['gateway/src/cli/main.ts'],
      outfile: cliFile,
      // commander is a CommonJS package and loads Node's modules with `require`, which does not exist in ES modules.
      banner: {
        js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
      },
      legalComments: 'inline',
      define: { TESSERA_VERSION: JSON.stringify(version) },
    },
    'The CLI',
  );
  writeStamp(stampFile, wanted);
}
