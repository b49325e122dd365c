import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from './cli-error.ts';

/** Twice the gateway's size limit for SDL, so that the gateway reports a slightly larger file with its own message. */
const maxBytes = 512 * 1024;

/** SDL text, and the name of its source to use in messages: a path or `<stdin>`. */
export interface SdlSource {
  readonly name: string;
  readonly sdl: string;
}

/** The value of `--file` that stands for stdin when reading and for stdout when writing. */
export const standardStream = '-';

/**
 * Reads an SDL file.
 * @param file a path, or `-` for `stdin`
 * @throws CliError if the file cannot be read, is too large or is not UTF-8
 */
export async function readSdl(file: string, stdin: AsyncIterable<Buffer>): Promise<SdlSource> {
  const name = file === standardStream ? '<stdin>' : file;
  const bytes = file === standardStream ? await readStream(stdin) : await readSdlFile(file);
  if (bytes.length > maxBytes) {
    throw new CliError('FILE_TOO_LARGE', `${name} is too large: the limit is ${maxBytes} bytes.`);
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

/** Returns the content of a file, or null if there is none. @throws CliError if it cannot be read */
export async function readPresent(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return null;
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

/**
 * Writes an SDL file.
 * @throws CliError if the file cannot be written
 */
export async function writeSdl(file: string, sdl: string): Promise<void> {
  try {
    await writeFile(file, sdl);
  } catch (error) {
    if (isMissing(error)) {
      throw new CliError('FILE_ERROR', `The folder ${dirname(file)} does not exist.`, {
        hint: 'Create the folder first, or pass another path with --file.',
        cause: error,
      });
    }
    throw fileError('written', file, error);
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function fileError(what: 'read' | 'written', file: string, cause: unknown): CliError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new CliError('FILE_ERROR', `${file} cannot be ${what}: ${reasons[code] ?? code}.`, {
    hint: "Pass the schema file's path with --file, or use --file - for standard input or output.",
    cause,
  });
}
