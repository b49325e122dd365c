import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { errorCode } from '../files/error-code.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const stateName = 'postgres.json';

const clusterState = z.object({
  /** The password of the superuser `tessera`, who can connect only from this machine. */
  password: z.string().min(32),
  /**
   * The port that was used after the last start. It is used again if it is free, so that other programs can reconnect.
   */
  port: z.number().int().min(1).max(65_535).nullable(),
  /** The folder that contains the data if PostgreSQL's account has no access to this directory (see place.ts). */
  place: z.string().nullable(),
  /** Whether the cluster has been created. If so, missing data is an error. */
  initialised: z.boolean(),
});

/** State that is kept between starts of the embedded PostgreSQL. */
export type ClusterState = Readonly<z.infer<typeof clusterState>>;

/** Reads the state from `postgres.json`. If the file is missing, returns a new state without writing it. */
export async function readClusterState(directory: string): Promise<ClusterState> {
  const path = statePath(directory);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'EACCES') throw notOurs(path, error);
    if (errorCode(error) !== 'ENOENT') throw error;
    const password = randomBytes(32).toString('base64url');
    return { password, port: null, place: null, initialised: false };
  }
  const parsed = clusterState.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  // The message includes neither the content nor the parser's error, because the file contains a password.
  throw new EmbeddedPostgresError(
    `${path} is damaged. It contains the database password. Restore it from a backup.`,
  );
}

/** Writes the state to a file that only its owner can read. */
export async function writeClusterState(directory: string, state: ClusterState): Promise<void> {
  const text = `${JSON.stringify(state, null, 2)}\n`;
  await writeFileAtomic(statePath(directory), text, { mode: 0o600 });
}

export async function hasClusterState(directory: string): Promise<boolean> {
  return (await readdir(directory)).includes(stateName);
}

export function statePath(directory: string): string {
  return join(directory, stateName);
}

function notOurs(path: string, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `${path} and the database belong to another user. Start Tessera as that user or as root.`,
    { cause },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
