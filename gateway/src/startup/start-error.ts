import pg from 'pg';
import { ConfigError } from '../config.ts';
import { MigrationError } from '../platform/db/migration-files.ts';
import { DirectoryInUseError } from '../platform/files/directory-lock.ts';
import { errorCode } from '../platform/files/error-code.ts';
import { BackupError } from '../platform/postgres/backup/backup-error.ts';
import { EmbeddedPostgresError } from '../platform/postgres/embedded-postgres-error.ts';

/** The reason why the gateway cannot start. The message tells the operator what is wrong and how to fix it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const forTheOperator = [
  StartError,
  ConfigError,
  MigrationError,
  EmbeddedPostgresError,
  DirectoryInUseError,
  BackupError,
];

/** The message for the operator, or null for an unexpected error. */
export function startFailureMessage(error: unknown): string | null {
  return error instanceof Error && forTheOperator.some((kind) => error instanceof kind)
    ? error.message
    : null;
}

/**
 * Converts an expected error to a StartError. Returns any other error unchanged.
 * @param error the error that occurred when listening on the address
 */
export function explainListenError(error: unknown, host: string, port: number): unknown {
  const explanation = {
    EADDRINUSE: `Port ${port} on ${host} is already in use. Stop the other program, or set PORT to another port.`,
    EACCES: `Permission denied to listen on port ${port}. Set PORT to 1024 or higher.`,
    EADDRNOTAVAIL: `This machine has no network interface with the address ${host}. Set HOST to one of this machine's addresses.`,
    ENOTFOUND: `Host ${host} not found. Set HOST to one of this machine's addresses.`,
  }[errorCode(error) ?? ''];
  return explanation === undefined ? error : new StartError(explanation, { cause: error });
}

/**
 * Converts an expected error to a StartError. Returns any other error unchanged.
 * @param error the error that occurred when opening the data directory
 */
export function explainDirectoryError(error: unknown, path: string): unknown {
  const permission =
    `The gateway cannot write to the folder ${path}: permission denied${forUser()}. ` +
    'Change the owner or the permissions of the folder, or set DATA_DIR to another folder.';
  const explanation = {
    EACCES: permission,
    EPERM: permission,
    EROFS: `The folder ${path} is read-only. Set DATA_DIR to a writable folder, or mount a volume there.`,
    ENOSPC: `No disk space left for the folder ${path}. Free some space, or set DATA_DIR to a folder on another disk.`,
    EDQUOT: `The disk quota for the folder ${path} is used up. Free some space, or set DATA_DIR to a folder on another disk.`,
    ENOTDIR: `${path} is not a folder. Set DATA_DIR to a folder.`,
    EEXIST: `${path} is not a folder. Set DATA_DIR to a folder.`,
  }[errorCode(error) ?? ''];
  return explanation === undefined ? error : new StartError(explanation, { cause: error });
}

/** The owner of a volume is compared with this number. There is no user id on Windows. */
const forUser = () => (process.getuid === undefined ? '' : ` for the user ${process.getuid()}`);

/** SQLSTATE invalid_password. */
const wrongPassword = '28P01';

/** Explains that sessions do not last, or that notifications do not arrive. */
export function explainPooler(connectionString: string, cause?: unknown): StartError {
  const { host, port } = new pg.Client({ connectionString });
  return new StartError(
    `The server at ${host}:${port} is a connection pooler that does not keep sessions, such as PgBouncer in transaction mode. ` +
      'Tessera needs sessions for notifications, with which it revokes keys, and for the roles that isolate projects. Set ' +
      'DATABASE_URL to the address of PostgreSQL itself, or use the pooler in session mode (PgBouncer: pool_mode = session).',
    { cause },
  );
}

/**
 * Converts an error to a StartError. Returns any other error unchanged.
 * @param error the error that occurred when the driver read the connection string, which can name files
 */
export function explainConnectionString(error: unknown): unknown {
  const code = errorCode(error);
  if (!(error instanceof Error) || code === null || !('path' in error)) return error;
  return new StartError(
    `The file ${String(error.path)}, which DATABASE_URL names, cannot be read (${code}). Check sslrootcert, sslcert and ` +
      'sslkey.',
    { cause: error },
  );
}

/** Errors of Node.js about the server's certificate (documentation of `tls`, "X509 certificate error codes"). */
const certificateError = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_ALTNAME)/;

/** Returns why no encrypted connection was established, or null if the error has another reason. */
function explainTlsError(code: string | null, reason: string): string | null {
  if (code !== null && certificateError.test(code)) {
    return (
      `the server's certificate was rejected: ${reason} (${code}). Set sslrootcert in DATABASE_URL to the certificate of ` +
      'the authority that issued it, and use the host name that it contains.'
    );
  }
  if (reason.includes('does not support SSL connections')) {
    return 'the server does not support TLS. Enable ssl in PostgreSQL, or remove sslmode from DATABASE_URL.';
  }
  if (reason.includes('no encryption')) {
    return `the server accepts only encrypted connections: ${reason}. Add ?sslmode=verify-full to DATABASE_URL.`;
  }
  if (code === 'EPROTO' || code?.startsWith('ERR_SSL_') === true) {
    return `no encrypted connection could be established: ${reason}. Check the TLS settings of the server.`;
  }
  return null;
}

/**
 * Converts an error to a StartError. The message includes the database's address, but not the password in the
 * connection string.
 * @param error the error that occurred when connecting to the database or running the first query
 */
export function explainDatabaseError(error: unknown, connectionString: string): StartError {
  const { user, host, port, database } = new pg.Client({ connectionString });
  const reason = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  const server = `PostgreSQL at ${host}:${port}`;
  if (code === wrongPassword) {
    return new StartError(
      `${server} rejected the password of the user ${user ?? ''} (${wrongPassword}). Check DATABASE_URL. With docker ` +
        'compose, the database keeps the POSTGRES_PASSWORD of its first start: if .env was written again, restore the ' +
        'old file, or set the new password in PostgreSQL (docs/guide/troubleshoot.md).',
      { cause: error },
    );
  }
  const problem = explainTlsError(code, reason);
  if (problem !== null) {
    return new StartError(`${server}: ${problem}`, { cause: error });
  }
  const explanation =
    error instanceof pg.DatabaseError
      ? `${server} rejected the user ${user ?? ''} for the database ${database ?? ''}: ${reason} ` +
        `(${code ?? ''}). Check DATABASE_URL and the user's privileges.`
      : `${server} cannot be reached (${code ?? reason}). ` +
        'Check DATABASE_URL and that the server is running.';
  return new StartError(explanation, { cause: error });
}
