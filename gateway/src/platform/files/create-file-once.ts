import { randomUUID } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { errorCode } from './error-code.ts';

/**
 * Creates a file with its whole content at once, unless it exists: of many callers, in any process, one gets `true`.
 * A hard link is what makes the file appear, because it fails if the name is taken; `rename` would replace the file.
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
