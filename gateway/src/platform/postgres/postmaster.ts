import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from 'pino';
import { errorCode } from '../files/error-code.ts';
import { asAccount } from './account.ts';
import type { Place } from './place.ts';
import { tooLate, within } from '../within.ts';

/**
 * Runs PostgreSQL for as long as the gateway lives. Its standard input is a pipe whose other end only the
 * gateway holds: when the gateway ends in any way, SIGKILL included, the pipe closes, and the watcher asks
 * PostgreSQL for a fast shutdown until it is gone. The guard itself only ends with PostgreSQL.
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
  /** Ends when PostgreSQL has ended, asked or not, with its last words. */
  readonly exited: Promise<string>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. Waits for it. */
  stop(): Promise<void>;
}

/** PostgreSQL ended before it was ready. */
export class PostmasterEndedError extends Error {
  override readonly name = 'PostmasterEndedError';
}

/**
 * Starts PostgreSQL and waits until it takes connections; after a crash that includes recovery.
 *
 * @param settings server parameters, on top of postgresql.conf
 * @throws PostmasterEndedError with PostgreSQL's last words, when it ends instead
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
    // A session of its own: Ctrl-C in the terminal reaches the gateway alone, which drains first.
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

/** How the guard ended, once PostgreSQL is gone too. */
function exitOf(guard: Guard): Promise<string> {
  // Nothing is ever written; this is the pipe's complaint when the guard is gone before it is closed.
  guard.stdin.on('error', () => undefined);
  // Should somebody kill the guard alone, the closed pipe still lets the watcher stop PostgreSQL.
  guard.once('exit', () => guard.stdin.end());
  return new Promise((resolve) => {
    guard.once('error', (error) => resolve(error.message));
    // Not 'exit': the pipe of PostgreSQL's log closes when its last process has ended.
    guard.once('close', (code, signal) =>
      resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `ended by ${signal}`),
    );
  });
}

async function stopGuard(guard: Guard, exited: Promise<string>, logger: Logger): Promise<void> {
  guard.stdin.end();
  if ((await within(exited, fastShutdownMs)) !== tooLate) return;
  logger.warn('PostgreSQL does not stop; it is stopped at once and will recover at the next start');
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

/** PostgreSQL's line to the gateway's log. Statements and data are not in it: see the settings. */
function log(logger: Logger, line: string): void {
  const message = `PostgreSQL: ${line}`;
  if (line.includes('PANIC:')) logger.error(message);
  else if (line.includes('FATAL:')) logger.warn(message);
  else logger.debug(message);
}
