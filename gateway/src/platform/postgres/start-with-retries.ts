import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { errorCode } from '../files/error-code.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Place } from './place.ts';
import { PostmasterEndedError, startPostmaster, type Postmaster } from './postmaster.ts';

const exec = promisify(execFile);

const longestPauseMs = 500;
const mostPorts = 10;

/**
 * Starts PostgreSQL on the preferred port if it is free, otherwise on another port. If a killed gateway's PostgreSQL is
 * still shutting down, waits for it.
 */
export async function startWithRetries(options: {
  readonly place: Place;
  readonly settings: Readonly<Record<string, string>>;
  readonly preferredPort: number | null;
  /** Whether to wait for the preferred port instead of choosing another one. @default false */
  readonly onlyPort?: boolean;
  readonly timeoutMs: number;
  readonly logger: Logger;
}): Promise<{ postmaster: Postmaster; port: number }> {
  const { place, preferredPort, onlyPort = false, timeoutMs, logger } = options;
  const end = performance.now() + timeoutMs;
  let portsTried = 0;
  let pauseMs = 10;
  for (;;) {
    const port =
      onlyPort && preferredPort !== null
        ? preferredPort
        : await freePort(portsTried === 0 ? preferredPort : null);
    try {
      const postmaster = await startPostmaster({
        place,
        settings: { ...options.settings, ...addressOf(port) },
        timeoutMs: Math.max(0, end - performance.now()),
        logger,
      });
      return { postmaster, port };
    } catch (error) {
      if (!(error instanceof PostmasterEndedError)) throw error;
      const obstacle = obstacleIn(error.message);
      if (obstacle === 'port' && !onlyPort && ++portsTried < mostPorts) continue;
      const passes = obstacle === 'predecessor' || (obstacle === 'port' && onlyPort);
      if (passes && performance.now() + pauseMs < end) {
        if (await removeStaleLock(place.dataPath)) continue;
        await wait(pauseMs);
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
        continue;
      }
      throw explain(error, place);
    }
  }
}

function addressOf(port: number): Record<string, string> {
  return { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) };
}

/** Recognizes PostgreSQL messages (with lc_messages=C) after which a retry can succeed. */
function obstacleIn(lastOutput: string): 'port' | 'predecessor' | null {
  if (/could not bind .*Address already in use/.test(lastOutput)) return 'port';
  if (/lock file "postmaster\.pid" already exists/.test(lastOutput)) return 'predecessor';
  // The postmaster was killed and its last processes have not exited yet.
  if (/pre-existing shared memory block .* is still in use/.test(lastOutput)) return 'predecessor';
  return null;
}

function explain(error: PostmasterEndedError, place: Place): EmbeddedPostgresError {
  const advice = error.message.includes('No space left on device')
    ? 'The disk is full. Free some space and start again'
    : error.message.includes('Permission denied')
      ? `It does not have permission to access ${place.dataPath}. Start Tessera as the owner of that folder`
      : error.message.includes('postmaster.pid')
        ? `Another PostgreSQL server is using ${place.dataPath}. Stop that server first`
        : `Its data is in ${place.dataPath}`;
  return new EmbeddedPostgresError(
    `The embedded PostgreSQL did not start. ${advice}. Its log:\n${error.message}`,
    { cause: error },
  );
}

/** Returns the preferred port if it is free on 127.0.0.1, and otherwise a port chosen by the operating system. */
async function freePort(preferred: number | null): Promise<number> {
  if (preferred !== null && (await tryListen(preferred)) !== null) return preferred;
  const port = await tryListen(0);
  if (port === null) throw new EmbeddedPostgresError('There is no free port on 127.0.0.1.');
  return port;
}

/** Listens briefly on the port and returns it, or null if it is in use. */
function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (['EADDRINUSE', 'EACCES'].includes(errorCode(error) ?? '')) resolve(null);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null));
    });
  });
}

/**
 * After a power failure, the process id in `postmaster.pid` might belong to another program, and PostgreSQL does not
 * start while that program is running. This function removes the file in that case. The caller must have locked the
 * directory.
 */
async function removeStaleLock(dataPath: string): Promise<boolean> {
  const lockFile = join(dataPath, 'postmaster.pid');
  const pid = await readFile(lockFile, 'utf8').then(
    (text) => Number.parseInt(text, 10),
    () => null,
  );
  if (pid === null || !Number.isInteger(pid)) return false;
  const command = await commandOf(pid);
  if (command === null || command.includes(dataPath)) return false;
  await rm(lockFile, { force: true });
  return true;
}

/** Returns the command line of a process, or null if the process has exited or the command line is not available. */
async function commandOf(pid: number): Promise<string | null> {
  try {
    const { stdout } =
      process.platform === 'linux'
        ? { stdout: await readFile(`/proc/${pid}/cmdline`, 'utf8') }
        : await exec('ps', ['-o', 'command=', '-p', String(pid)]);
    return stdout === '' ? null : stdout;
  } catch {
    return null;
  }
}
