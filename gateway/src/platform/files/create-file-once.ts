import { randomUUID } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { errorCode } from './error-code.ts';

/**
 * Atomically creates a file with the given content, unless the file exists. If several processes try at once, it
 * returns `true` in only one of them. It uses a hard link, which fails if the file exists. `rename` would replace the
 * file.
 *
 * @param mode permission bits, such as `0o600`
 */
export async function createFileOnce(
  path: string,
  content: string | Buffer,
  mode: number,
): Promise<boolean> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFileAtomic(draft, content, { mode });
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
