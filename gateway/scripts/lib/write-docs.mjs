// @ts-check
// node write-docs.mjs <directory> <stamp>: builds the documentation site.
import { build } from 'vitepress';
import { inRoot } from './paths.mjs';
import { publishFolder } from './publish-folder.mjs';

const [directory, stamp] = process.argv.slice(2);
if (directory === undefined || stamp === undefined)
  throw new Error('Usage: node write-docs.mjs <directory> <stamp>');

await publishFolder(directory, stamp, (temporary) => build(inRoot('docs'), { outDir: temporary }));
