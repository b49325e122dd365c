// @ts-check
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The query compiler that the generated Prisma client loads (`compilerBuild` and `provider` in prisma/schema.prisma). */
const usedCompiler = /query_compiler_small_bg\.postgresql\.(wasm-base64\.)?mjs$/;

/**
 * What a running gateway never loads. Each rule receives a path below `node_modules`, with forward slashes.
 * @type {Readonly<Record<string, (path: string) => boolean>>}
 */
const unused = {
  "Prisma's query compilers of other databases": (path) =>
    path.includes('@prisma/client/runtime/query_compiler_') && !usedCompiler.test(path),
  'source maps': (path) => /\.(js|mjs|cjs|ts|mts|cts)\.map$/.test(path),
  'type declarations': (path) => /\.d\.(ts|mts|cts)$/.test(path) || path.startsWith('@types/'),
  'native modules of other platforms': (path) =>
    path.includes('/prebuilds/') &&
    !path.includes(`/prebuilds/${process.platform}-${process.arch}/`),
};

/**
 * Deletes the files of installed packages that a running gateway never loads, for a smaller image.
 * @param {string} directory a folder `node_modules`
 * @returns {Record<string, number>} the deleted bytes, by the kind of file
 */
export function prunePackages(directory) {
  const deleted = Object.fromEntries(Object.keys(unused).map((what) => [what, 0]));
  for (const file of filesBelow(directory)) {
    const path = relative(directory, file).split(sep).join('/');
    const what = Object.entries(unused).find(([, matches]) => matches(path))?.[0];
    if (what === undefined) continue;
    deleted[what] = (deleted[what] ?? 0) + lstatSync(file).size;
    rmSync(file);
  }
  return deleted;
}

/**
 * @param {string} directory
 * @returns {string[]} all files, and links without following them
 */
function filesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}
