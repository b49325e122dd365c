import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from 'pino';
import { errorCode } from '../files/error-code.ts';
import { asAccount } from './account.ts';
import type { Place } from './place.ts';
import { tooLate, within } from '../within.ts';

/**
 * A script, the guard, that runs PostgreSQL until the gateway ends. The guard's standard input is a pipe whose other
 * end is open only in the gateway. When the gateway ends for any reason, including SIGKILL, the pipe closes. A
 * background process, the watcher, then requests a fast shutdown once a second until PostgreSQL has exited. The guard
 * itself exits only after PostgreSQL.
 */
const guardScript = `
trap '' HUP INT QUIT TERM
exec 3<&0 </dev/null
"$@" 3<&- &
postmaster=$!
{
  while read -r _; do :; done <&3
  while kill -INT "$postmaster"; do sleep 1; done
} 2>/dev/null &
watcher=$!
exec 3<&-
wait "$postmaster"
status=$?
kill -KILL "$watcher"
exit "$status"
`;

const readyLine = 'database system is ready to accept connections';
const keptLines = 20;
const fastShutdownMs = 60_000;
const immediateShutdownMs = 5_000;

export interface Postmaster {
  /** Resolves with the last lines of PostgreSQL's log when PostgreSQL has exited for any reason. */
  readonly exited: Promise<string>;
  /** Performs a fast shutdown, which rolls back open transactions, and waits for it to complete. */
  stop(): Promise<void>;
}

/** PostgreSQL exited before it was ready, or was not ready in time. */
export class PostmasterEndedError extends Error {
  override readonly name = 'PostmasterEndedError';
}

/**
 * Starts PostgreSQL and waits until it accepts connections. After a crash, this includes recovery.
 *
 * @param settings server parameters that override postgresql.conf
 * @throws PostmasterEndedError with the last lines of PostgreSQL's log if it exits or is not ready in time
 */
export async function startPostmaster(options: {
  readonly place: Place;
  readonly settings: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly logger: Logger;
}): Promise<Postmaster> {
  const { place, settings, timeoutMs, logger } = options;
  const parameters = Object.entries(settings).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const guard = spawn(
    '/bin/sh',
    ['-c', guardScript, 'sh', place.binaries.postgres, '-D', place.dataPath, ...parameters],
    // A separate session, so that Ctrl-C in the terminal is sent only to the gateway, which first drains its requests.
    { ...asAccount(place.account), detached: true, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  const lastLines: string[] = [];
  const ready = new Promise<null>((resolve) => {
    createInterface({ input: guard.stderr }).on('line', (line) => {
      log(logger, line);
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
      if (line.includes(readyLine)) resolve(null);
    });
  });
  const exited = exitOf(guard).then((how) => [...lastLines, how].join('\n'));
  const stop = () => stopGuard(guard, exited, logger);

  const ended = await within(Promise.race([ready, exited]), timeoutMs);
  if (ended === null) return { exited, stop };
  await stop();
  throw new PostmasterEndedError(
    ended === tooLate ? `not ready within ${timeoutMs / 1000} s:\n${lastLines.join('\n')}` : ended,
  );
}

type Guard = ChildProcessByStdio<Writable, null, Readable>;

/** Resolves with the guard's exit code or signal after PostgreSQL has also exited. */
function exitOf(guard: Guard): Promise<string> {
  // Nothing is written to the pipe. Closing it reports an error if the guard has already exited.
  guard.stdin.on('error', () => undefined);
  // If only the guard is killed, closing the pipe makes the watcher stop PostgreSQL.
  guard.once('exit', () => guard.stdin.end());
  return new Promise((resolve) => {
    guard.once('error', (error) => resolve(error.message));
    // Unlike 'exit', 'close' is emitted only after PostgreSQL's last process has closed the log pipe.
    guard.once('close', (code, signal) =>
      resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `terminated by ${signal}`),
    );
  });
}

async function stopGuard(guard: Guard, exited: Promise<string>, logger: Logger): Promise<void> {
  guard.stdin.end();
  if ((await within(exited, fastShutdownMs)) !== tooLate) return;
  logger.warn(
    'PostgreSQL did not stop in time and is being terminated. It will recover at the next start',
  );
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    if (guard.pid !== undefined) signalGroup(guard.pid, signal);
    if ((await within(exited, immediateShutdownMs)) !== tooLate) return;
  }
  throw new Error('PostgreSQL could not be stopped');
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Writes a line of PostgreSQL's log to the gateway's log. It contains no statements and no data (see the settings). */
function log(logger: Logger, line: string): void {
  const message = `PostgreSQL: ${line}`;
  if (line.includes('PANIC:')) logger.error(message);
  else if (line.includes('FATAL:')) logger.warn(message);
  else logger.debug(message);
}
