import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../files/error-code.ts';

/** The reason why the database cannot be migrated, as a message for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export interface MigrationFile {
  /** The folder name, such as `0001_init`. Migrations are applied in the order of their names. */
  readonly name: string;
  readonly sql: string;
  /** The file's SHA-256 hash in hex, as recorded by Prisma. */
  readonly checksum: string;
}

/**
 * Reads all files `<directory>/<name>/migration.sql`, ordered by name.
 *
 * @throws MigrationError if a folder has no `migration.sql`
 */
export async function readMigrations(directory: string): Promise<readonly MigrationFile[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readMigration(directory, name)));
}

async function readMigration(directory: string, name: string): Promise<MigrationFile> {
  const path = join(directory, name, 'migration.sql');
  try {
    const sql = await readFile(path, 'utf8');
    return { name, sql, checksum: checksumOf(sql) };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new MigrationError(`The migration ${name} is missing its file ${path}.`, {
      cause: error,
    });
  }
}

/** Reports whether the checksum matches. Like Prisma, it ignores differences in line endings. */
export function checksumMatches(migration: MigrationFile, recorded: string): boolean {
  const unix = migration.sql.replaceAll('\r\n', '\n');
  return [migration.sql, unix, unix.replaceAll('\n', '\r\n')].some(
    (sql) => checksumOf(sql) === recorded,
  );
}

function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
