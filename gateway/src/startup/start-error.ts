import pg from 'pg';
import { ConfigError } from '../config.ts';
import { MigrationError } from '../platform/db/migration-files.ts';
import { DirectoryInUseError } from '../platform/files/directory-lock.ts';
import { errorCode } from '../platform/files/error-code.ts';
import { EmbeddedPostgresError } from '../platform/postgres/embedded-postgres-error.ts';

/** Why the gateway cannot start, in words for whoever started it: what is wrong, and the way out. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const forTheOperator = [
  StartError,
  ConfigError,
  MigrationError,
  EmbeddedPostgresError,
  DirectoryInUseError,
];

/** The words for the operator, or null for an error that nobody foresaw. */
export function startFailureMessage(error: unknown): string | null {
  return error instanceof Error && forTheOperator.some((kind) => error instanceof kind)
    ? error.message
    : null;
}

/** @param error what listening on the address failed with */
export function explainListenError(error: unknown, host: string, port: number): unknown {
  const explanation = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program. Stop that, or set PORT to another port.`,
    EACCES: `This account may not listen on port ${port}. Set PORT to 1024 or more.`,
    EADDRNOTAVAIL: `This machine has no network interface ${host}. Set HOST to one that it has.`,
    ENOTFOUND: `The name ${host} is not known. Set HOST to an address of this machine.`,
  }[errorCode(error) ?? ''];
  return explanation === undefined ? error : new StartError(explanation, { cause: error });
}

/** @param error what opening the data directory failed with */
export function explainDirectoryError(error: unknown, path: string): unknown {
  const explanation = {
    EACCES: `This account may not use the folder ${path}. Give it the right to, or set DATA_DIR to another.`,
    EPERM: `This account may not use the folder ${path}. Give it the right to, or set DATA_DIR to another.`,
    EROFS: `The folder ${path} is read-only. Set DATA_DIR to one that can be written.`,
    ENOSPC: `There is no space left for ${path}. Make some, or set DATA_DIR to a folder elsewhere.`,
    ENOTDIR: `${path} is not a folder. Set DATA_DIR to one.`,
    EEXIST: `${path} is not a folder. Set DATA_DIR to one.`,
  }[errorCode(error) ?? ''];
  return explanation === undefined ? error : new StartError(explanation, { cause: error });
}

/**
 * Says where the database is, but never the password on the way there.
 * @param error what connecting to it, or its first use, failed with
 */
export function explainDatabaseError(error: unknown, connectionString: string): StartError {
  const { user, host, port, database } = new pg.Client({ connectionString });
  const reason = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  const explanation =
    error instanceof pg.DatabaseError
      ? `PostgreSQL at ${host}:${port} refuses ${user ?? ''} on the database ${database ?? ''}: ${reason} ` +
        `(${code ?? ''}). Check DATABASE_URL, and what that user may do.`
      : `PostgreSQL at ${host}:${port} cannot be reached (${code ?? reason}). ` +
        'Check DATABASE_URL, and that the server is running.';
  return new StartError(explanation, { cause: error });
}
