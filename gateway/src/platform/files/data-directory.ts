import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createFileOnce } from './create-file-once.ts';
import { lockDirectory } from './directory-lock.ts';
import { errorCode } from './error-code.ts';

/** The folder for what the gateway itself keeps. */
export interface DataDirectory {
  /** Absolute. */
  readonly path: string;
  /**
   * 32 random bytes that stay the same from start to start, made at the first call and readable by their
   * owner alone. `name` is a file name in small letters, digits and dashes.
   */
  secret(name: string): Promise<Buffer>;
  /** Lets another gateway use the folder. May be called again. */
  close(): Promise<void>;
}

const secretBytes = 32;
const secretName = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * Opens the folder, and makes it where there is none. Others cannot look into it; under root they may pass
 * through, since the embedded PostgreSQL then runs as another user and keeps its data inside.
 *
 * @param options.shared for gateways on one `DATABASE_URL`: they keep nothing here but secrets and mail, which
 * they may have in common. Otherwise the folder is this gateway's alone.
 * @throws DirectoryInUseError when another gateway has the folder for itself
 */
export async function openDataDirectory(
  directory: string,
  options: { readonly shared?: boolean } = {},
): Promise<DataDirectory> {
  const path = resolve(directory);
  if ((await mkdir(path, { recursive: true })) !== undefined) {
    await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
  }
  const lock = options.shared === true ? null : await lockDirectory(path);
  let closed: Promise<void> | null = null;
  return {
    path,
    secret: (name) => readSecret(path, name),
    close: () => (closed ??= lock?.release() ?? Promise.resolve()),
  };
}

async function readSecret(directory: string, name: string): Promise<Buffer> {
  if (!secretName.test(name)) throw new Error(`"${name}" is no name for a secret`);
  const path = join(directory, `${name}.secret`);
  const known = await readIfThere(path);
  if (known === null) await createFileOnce(path, randomBytes(secretBytes), 0o600);
  // Read even when just made: of several that found none, one made it.
  const secret = known ?? (await readFile(path));
  if (secret.length !== secretBytes) {
    throw new Error(
      `${path} should hold ${secretBytes} bytes and holds ${secret.length}. Restore it from a backup, or ` +
        'delete it to have a new one made: what was signed with the old one is void then.',
    );
  }
  return secret;
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
