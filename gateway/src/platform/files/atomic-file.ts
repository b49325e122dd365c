import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/**
 * Writes a file so that a reader sees the old content or the new, never a part, even after a power cut.
 *
 * @param mode permission bits, such as `0o600`
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  const draft = await writeDraft(path, content, mode);
  try {
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Makes a file with its whole content at once, unless it exists: of many callers, in any process, one
 * gets `true`.
 *
 * @param mode permission bits, such as `0o600`
 */
export async function createFileOnce(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<boolean> {
  const draft = await writeDraft(path, content, mode);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<string> {
  const draft = `${path}.${randomUUID()}.tmp`;
  const file = await open(draft, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return draft;
}
