// @ts-check
// node write-docs.mjs <directory> <stamp>: builds the documentation as a site.
import { build } from 'vitepress';
import { inRoot } from './paths.mjs';
import { publishFolder } from './publish-folder.mjs';

const [directory, stamp] = process.argv.slice(2);
if (directory === undefined || stamp === undefined)
  throw new Error('Name a directory and a stamp.');

await publishFolder(directory, stamp, (temporary) => build(inRoot('docs'), { outDir: temporary }));
