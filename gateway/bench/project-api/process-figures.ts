import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Returns the resident memory in MB, or null if /proc does not report it. */
export function residentMb(pid: number): number | null {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(procFile(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

/** Returns a process's CPU time (user and system) in milliseconds, or null if /proc does not report it. */
export function cpuMs(pid: number): number | null {
  return readStat(pid)?.cpuMs ?? null;
}

/** Returns the CPU time of all current children of a process, such as PostgreSQL's backends. */
export function childrenCpuMs(parent: number): number | null {
  if (!existsSync('/proc')) return null;
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  const children = pids.map(readStat).filter((stat) => stat?.parent === parent);
  return children.reduce((sum, stat) => sum + (stat?.cpuMs ?? 0), 0);
}

/**
 * proc(5): parent, utime and stime are fields 4, 14 and 15. One tick is 10 ms. The process name before these fields
 * ends in `)`.
 */
function readStat(pid: number) {
  const fields = procFile(pid, 'stat')?.split(') ').at(-1)?.split(' ');
  if (fields === undefined) return null;
  return { parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 };
}

function procFile(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null; // no /proc file system, or the process has ended
  }
}
