// @ts-check
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from './paths.mjs';
import { prismaStampFile } from './prisma-client.mjs';
import { withProgress } from './progress.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';
import { writeBundle } from './write-bundle.mjs';

/** The file that `npm start` runs. */
export const bundleFile = inRoot('dist/gateway/main.js');
const stampFile = inRoot('dist/gateway/.stamp');

/** Builds the gateway if a source has changed. */
export async function bundleGateway() {
  const wanted = fingerprint(
    [
      inRoot('gateway/src'),
      inRoot('package.json'),
      inRoot('tsconfig.json'),
      prismaStampFile,
      inRoot('gateway/scripts/lib/write-bundle.mjs'),
      fileURLToPath(import.meta.url),
    ],
    (file) => !file.endsWith('.test.ts'),
  );
  if (isStamped(stampFile, wanted)) return;
  await withProgress('Building the gateway', writeGateway);
  writeStamp(stampFile, wanted);
}

/**
 * Bundles our own modules with source maps. Packages are loaded from `node_modules`. main.js is a separate small file,
 * so that it runs before Node.js loads the packages that the gateway imports.
 */
const writeGateway = () =>
  writeBundle(
    {
      entryPoints: [
        'gateway/src/main.ts',
        'gateway/src/startup/run-gateway.ts',
        // See gateway/src/startup/compute.ts.
        'gateway/src/compute-thread.ts',
      ],
      entryNames: '[name]',
      splitting: true,
      outdir: dirname(bundleFile),
      packages: 'external',
      sourcemap: 'linked',
    },
    'The gateway',
  );
