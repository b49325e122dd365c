import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import tar from 'tar-stream';
import { z } from 'zod';
import { BackupError } from './backup-error.ts';

/** A file or folder in the archive. */
export interface ArchiveEntry {
  /** The path, with `/` between its parts and none at the end. */
  readonly name: string;
  readonly isDirectory: boolean;
  readonly size: number;
  readonly content: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** The last entry: the SHA-256 hashes of all files by name, in hex. */
const checksumsName = 'checksums.json';
const checksums = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));
const maxChecksumsBytes = 64 * 1024 * 1024;
const ownerOnly = 0o600;

export function textEntry(name: string, text: string | Buffer): ArchiveEntry {
  const content = Buffer.from(text);
  return { name, isDirectory: false, size: content.length, content: [content] };
}

/**
 * Writes a new file, a compressed tar archive that only its owner can read. Its last entry contains checksums, so an
 * incomplete archive is recognized.
 * @throws the operating system's error, such as EEXIST if the file exists
 */
export async function writeArchive(
  file: string,
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>,
): Promise<void> {
  const pack = tar.pack();
  const target = createWriteStream(file, { flags: 'wx', mode: ownerOnly, flush: true });
  const written = pipeline(pack, createGzip({ level: 6 }), target);
  await Promise.all([written, addAll(pack, entries)]);
}

async function addAll(
  pack: tar.Pack,
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>,
): Promise<void> {
  const hashes: Record<string, string> = {};
  for await (const entry of entries) {
    const hash = await add(pack, entry);
    if (hash !== null) hashes[entry.name] = hash;
  }
  await add(pack, textEntry(checksumsName, JSON.stringify(hashes)));
  pack.finalize();
}

/** Returns the hash of a file, or null for a folder. */
async function add(pack: tar.Pack, entry: ArchiveEntry): Promise<string | null> {
  const { name, isDirectory, size, content } = entry;
  const type = isDirectory ? 'directory' : 'file';
  const hash = createHash('sha256');
  await new Promise<void>((resolve, reject) => {
    const sink = pack.entry({ name, type, size, mode: isDirectory ? 0o700 : ownerOnly }, (error) =>
      error == null ? resolve() : reject(error),
    );
    copy(content, sink, hash).catch(reject);
  });
  return isDirectory ? null : hash.digest('hex');
}

async function copy(
  content: ArchiveEntry['content'],
  sink: tar.Sink,
  hash: ReturnType<typeof createHash>,
): Promise<void> {
  for await (const chunk of content) {
    hash.update(chunk);
    if (!sink.write(chunk)) await new Promise<void>((resolve) => sink.once('drain', resolve));
  }
  sink.end();
}

/**
 * Reads an archive and calls `visit` for each entry, which must read the content to its end.
 * @throws BackupError if the file is not an archive, is incomplete, or does not match its checksums
 */
export async function readArchive(
  file: string,
  visit: (entry: ArchiveEntry) => Promise<void>,
): Promise<void> {
  const extract = tar.extract();
  const fed = pipeline(createReadStream(file), createGunzip(), async (source) => {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (!extract.write(chunk)) {
        await new Promise<void>((resolve) => extract.once('drain', resolve));
      }
    }
    extract.end();
  });
  fed.catch((error: unknown) => extract.destroy(error as Error));
  const hashes = new Map<string, string>();
  let expected: Readonly<Record<string, string>> | null = null;
  try {
    for await (const entry of extract) {
      const { name, isDirectory } = placeOf(entry.header);
      if (expected !== null) throw damaged(file);
      if (name === checksumsName) {
        expected = await readChecksums(entry);
        continue;
      }
      const hash = createHash('sha256');
      const content = hashing(entry, hash);
      await visit({ name, isDirectory, size: entry.header.size, content });
      if (!isDirectory) hashes.set(name, hash.digest('hex'));
    }
    await fed;
  } catch (error) {
    extract.destroy();
    if (isDamage(error)) throw damaged(file, error);
    throw error;
  }
  if (expected === null || !isSame(hashes, expected)) throw damaged(file);
}

async function* hashing(
  entry: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for await (const chunk of entry) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Rejects entries that could be written outside of the target folder. */
function placeOf({ name, type }: tar.Header): Pick<ArchiveEntry, 'name' | 'isDirectory'> {
  const parts = name.replace(/\/$/, '').split('/');
  const isSafe = parts.every((part) => /^[\w.+-]+$/.test(part) && part !== '.' && part !== '..');
  if (!isSafe || (type !== 'file' && type !== 'directory')) {
    throw new BackupError('The backup contains an entry that does not belong to a backup.');
  }
  return { name: parts.join('/'), isDirectory: type === 'directory' };
}

async function readChecksums(entry: tar.Entry): Promise<Readonly<Record<string, string>>> {
  if (entry.header.size > maxChecksumsBytes) throw new SyntaxError('The checksums are too long.');
  return checksums.parse(JSON.parse(await textOf(entry)));
}

/** Returns the content of a small entry. */
export async function textOf(content: ArchiveEntry['content']): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function isSame(
  hashes: ReadonlyMap<string, string>,
  expected: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(expected);
  return names.length === hashes.size && names.every((name) => hashes.get(name) === expected[name]);
}

/** Errors of zlib and of tar-stream, and of JSON that is not what `writeArchive` writes. */
function isDamage(error: unknown): boolean {
  if (error instanceof SyntaxError || error instanceof z.ZodError) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || /tar header|end of data|end of file/i.test(error.message);
}

function damaged(file: string, cause?: unknown): BackupError {
  return new BackupError(
    `${file} is not a complete backup of Tessera: its content does not match its checksums. Nothing was changed. Use ` +
      'another backup.',
    { cause },
  );
}
