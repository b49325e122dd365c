import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from './error-code.ts';

const exec = promisify(execFile);

/** A process id alone may come to mean another process; with the time of its start it does not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In the system's own form, only good to compare; null where it cannot be known. */
  readonly startedAt: string | null;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startedAt: await startOf(pid) };
}

/** Does the very process still run? Where start times cannot be known: does one with its id? */
export async function stillRuns({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  if (!exists(pid)) return false;
  const now = await startOf(pid);
  // Gone in between, or a zombie: on Linux a process that exists always has a start.
  if (now === null) return startedAt === null && exists(pid);
  return startedAt === null || now === startedAt;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return errorCode(error) === 'EPERM';
  }
}

async function startOf(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') {
      return startTicksIn(await readFile(`/proc/${pid}/stat`, 'utf8'));
    }
    const { stdout } = await exec('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/**
 * Field 22 of `/proc/<pid>/stat` (proc_pid_stat(5)): clock ticks from the machine's start to the
 * process's. Null for a zombie, which holds nothing any more. The program's name, in parentheses, may
 * itself hold anything.
 */
function startTicksIn(stat: string): string | null {
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? null : (rest[18] ?? null);
}
