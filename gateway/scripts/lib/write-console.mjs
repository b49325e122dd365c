// @ts-check
// node write-console.mjs <directory> <stamp>: builds the console.
import { build } from 'vite';
import { inRoot } from './paths.mjs';
import { publishFolder } from './publish-folder.mjs';

const [directory, stamp] = process.argv.slice(2);
if (directory === undefined || stamp === undefined)
  throw new Error('Usage: node write-console.mjs <directory> <stamp>');

await publishFolder(directory, stamp, (temporary) =>
  build({
    configFile: inRoot('console/vite.config.ts'),
    mode: 'production',
    logLevel: 'error',
    build: { outDir: temporary, emptyOutDir: true },
  }),
);
