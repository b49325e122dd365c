import { readFile, writeFile } from 'node:fs/promises';
import { CliError } from './cli-error.ts';

/** Twice what a schema may have, so that the gateway gets to say so; more is not even sent. */
const maxBytes = 512 * 1024;

/** SDL, and what to call the place that it comes from. */
export interface SdlSource {
  readonly name: string;
  readonly sdl: string;
}

/** What stands for stdin when reading and for stdout when writing. */
export const standardStream = '-';

/**
 * Reads a schema.
 * @param file a path, or `-` for `stdin`
 * @throws CliError when it cannot be read, is far too large, or is no UTF-8
 */
export async function readSdl(file: string, stdin: AsyncIterable<Buffer>): Promise<SdlSource> {
  const name = file === standardStream ? '<stdin>' : file;
  const bytes = file === standardStream ? await readStream(stdin) : await readSdlFile(file);
  if (bytes.length > maxBytes) {
    throw new CliError('FILE_TOO_LARGE', `${name} is no schema: it has over ${maxBytes} bytes.`);
  }
  try {
    return { name, sdl: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    throw new CliError('FILE_NOT_UTF8', `${name} is not UTF-8 text.`, { cause });
  }
}

async function readSdlFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileError('read', file, error);
  }
}

async function readStream(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks);
}

/** @throws CliError when the file cannot be written */
export async function writeSdl(file: string, sdl: string): Promise<void> {
  try {
    await writeFile(file, sdl);
  } catch (error) {
    throw fileError('written', file, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this account may not',
  EPERM: 'this account may not',
  EISDIR: 'it is a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function fileError(what: 'read' | 'written', file: string, cause: unknown): CliError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new CliError('FILE_ERROR', `${file} cannot be ${what}: ${reasons[code] ?? code}.`, {
    hint: 'Name the schema with --file, or use --file - for a pipe.',
    cause,
  });
}
