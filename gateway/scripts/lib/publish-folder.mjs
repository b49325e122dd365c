// @ts-check
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
import { writeStamp } from './stamp.mjs';

const compressible = /\.(html|js|css|json|svg|txt)$/;
/** Compressing smaller files saves less than the size of the response headers. */
const smallestBytes = 1_024;
/** For larger files (the editors), the highest compression level takes tens of seconds and saves only 3 %. */
const largeBytes = 1_000_000;

/**
 * Writes compressed variants next to a file.
 * @param {string} file
 * @param {string} before the path of the same file in the last build; there might be no such file
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
 * Replaces a folder. A running gateway sees either the old or the new files, except for a brief moment in which the
 * folder does not exist.
 * @param {string} place
 * @param {string} temporary
 */
function moveTo(place, temporary) {
  const old = `${place}.${process.pid}.old`;
  for (let tries = 1; ; tries += 1) {
    rmSync(old, { recursive: true, force: true });
    try {
      if (existsSync(place)) renameSync(place, old);
      renameSync(temporary, place);
      rmSync(old, { recursive: true, force: true });
      return;
    } catch (error) {
      // Another build is replacing the folder at the same time.
      if (tries === 10) throw error;
    }
  }
}

/**
 * Copies a file's compressed variants from the last build if the file has not changed, because compressing takes longer
 * than building.
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
    return false; // The file does not exist or is being replaced.
  }
}

/**
 * Builds a folder of files that the gateway serves, adds compressed variants of the files, and replaces the old folder.
 * @param {string} directory
 * @param {string} stamp
 * @param {(temporary: string) => Promise<unknown>} build writes the files into a folder
 */
export async function publishFolder(directory, stamp, build) {
  const temporary = `${directory}.${process.pid}.tmp`;
  try {
    await build(temporary);
    const files = readdirSync(temporary, { recursive: true, encoding: 'utf8' });
    await Promise.all(
      files
        .filter((name) => compressible.test(name))
        .map((name) => compress(join(temporary, name), join(directory, name))),
    );
    writeStamp(join(temporary, '.stamp'), stamp);
    moveTo(directory, temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    rmSync(`${directory}.${process.pid}.old`, { recursive: true, force: true });
  }
}
