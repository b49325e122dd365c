// @ts-check
// node gateway/scripts/prune-packages.mjs <node_modules>: deletes what a running gateway never loads. Run by the
// Dockerfile.
import { prunePackages } from './lib/prune-packages.mjs';

const [directory] = process.argv.slice(2);
if (directory === undefined)
  throw new Error('Usage: node gateway/scripts/prune-packages.mjs <node_modules>');

for (const [what, bytes] of Object.entries(prunePackages(directory))) {
  console.log(`${(bytes / 1e6).toFixed(1).padStart(6)} MB of ${what} deleted`);
}
