// @ts-check
// node write-console.mjs <directory> <stamp>: builds the console, puts compressed forms beside its files, and
// moves it all into place.
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import { inRoot } from './paths.mjs';
import { writeStamp } from './stamp.mjs';

const [directory, stamp] = process.argv.slice(2);
if (directory === undefined || stamp === undefined)
  throw new Error('Name a directory and a stamp.');

const compressible = /\.(html|js|css|json|svg|txt)$/;
/** Below this, the headers of an answer outweigh what is saved. */
const smallestBytes = 1_024;
/** The densest takes tens of seconds for the editors, and saves them 3 %. */
const largeBytes = 1_000_000;

/**
 * @param {string} file
 * @param {string} before where the last build has it, if it does
 */
async function compress(file, before) {
  const content = readFileSync(file);
  if (content.length < smallestBytes) return;
  if (takeOver(file, before, content)) return;
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: content.length > largeBytes ? 9 : 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipped);
}

/**
 * A gateway that runs meanwhile finds the old or, a moment later, the new.
 * @param {string} place
 */
function moveTo(place) {
  for (let tries = 1; ; tries += 1) {
    rmSync(old, { recursive: true, force: true });
    try {
      if (existsSync(place)) renameSync(place, old);
      renameSync(temporary, place);
      return;
    } catch (error) {
      // Another build is doing the same.
      if (tries === 10) throw error;
    }
  }
}

const old = `${directory}.${process.pid}.old`;
/**
 * Compressing takes longer than building, and most files are as they were.
 * @param {string} file
 * @param {string} before
 * @param {Buffer} content
 */
function takeOver(file, before, content) {
  try {
    if (!readFileSync(before).equals(content)) return false;
    for (const ending of ['.br', '.gz']) copyFileSync(`${before}${ending}`, `${file}${ending}`);
    return true;
  } catch {
    return false; // It was not there, or is being replaced.
  }
}

const temporary = `${directory}.${process.pid}.tmp`;
try {
  await build({
    configFile: inRoot('console/vite.config.ts'),
    mode: 'production',
    logLevel: 'error',
    build: { outDir: temporary, emptyOutDir: true },
  });
  const files = readdirSync(temporary, { recursive: true, encoding: 'utf8' });
  await Promise.all(
    files
      .filter((name) => compressible.test(name))
      .map((name) => compress(join(temporary, name), join(directory, name))),
  );
  writeStamp(join(temporary, '.stamp'), stamp);
  moveTo(directory);
} finally {
  rmSync(temporary, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
