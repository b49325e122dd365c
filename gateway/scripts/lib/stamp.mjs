// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './paths.mjs';

/**
 * Returns the files below `path` in a fixed order, or `path` itself if it is a file.
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/**
 * Returns a hash of the names and contents of files. It does not use modification times, which are meaningless after a
 * clone, a copy or a branch switch.
 * @param {readonly string[]} paths files and folders; each must exist
 * @param {(file: string) => boolean} [include]
 */
export function fingerprint(paths, include = () => true) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder).filter(include)) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/**
 * Reports whether the step that writes this stamp file last ran with the inputs that have this fingerprint.
 * @param {string} stampFile
 * @param {string} expected
 */
export function isStamped(stampFile, expected) {
  try {
    return readFileSync(stampFile, 'utf8') === expected;
  } catch {
    return false; // without a stamp, the step has never completed
  }
}

/**
 * @param {string} stampFile
 * @param {string} value
 */
export function writeStamp(stampFile, value) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, value);
}
