import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from './error-code.ts';

const exec = promisify(execFile);

/** A process id together with its start time, because process ids are reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The start time in the operating system's format, for comparison only. Null if it is not available. */
  readonly startedAt: string | null;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startedAt: await startOf(pid) };
}

/**
 * Reports whether the process is still running or, if start times are not available, whether any process with this id
 * is running.
 */
export async function stillRuns({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  if (!exists(pid)) return false;
  const now = await startOf(pid);
  // The process has just exited or is a zombie. On Linux, every running process has a start time.
  if (now === null) return startedAt === null && exists(pid);
  return startedAt === null || now === startedAt;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists but belongs to another user.
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
 * Field 22 of `/proc/<pid>/stat` (proc_pid_stat(5)): clock ticks from system boot to the start of the process. Null for
 * a zombie, which no longer uses any resources. The program name in parentheses can contain any character, so the
 * fields are counted from the last parenthesis.
 */
function startTicksIn(stat: string): string | null {
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? null : (rest[18] ?? null);
}
