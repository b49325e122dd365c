import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { errorCode } from '../files/error-code.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const stateName = 'postgres.json';

const clusterState = z.object({
  /** Of PostgreSQL's superuser `tessera`, who can only come from this machine. */
  password: z.string().min(32),
  /** The port of the last start, used again while it is free, so that open tools keep working. */
  port: z.number().int().min(1).max(65_535).nullable(),
  /** Where the data are when PostgreSQL's account cannot reach this directory; see place.ts. */
  place: z.string().nullable(),
  /** Has the cluster been complete once? Then its data may not be missing. */
  initialised: z.boolean(),
});

/** What a start of the embedded PostgreSQL must know of the one before. */
export type ClusterState = Readonly<z.infer<typeof clusterState>>;

/** The state kept in `postgres.json`; a fresh one, not yet written, where there is none. */
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
  // Neither the content nor the parser's complaint is shown: the file holds a password.
  throw new EmbeddedPostgresError(
    `${path} is damaged. It holds the password of the database beside it: restore it from a backup.`,
  );
}

/** Keeps the state, readable by its owner alone. */
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
    `${path} belongs to another user, and so does the database. Start Tessera as that user or as root.`,
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
