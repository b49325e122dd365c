import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Resident memory in MB; null where the system does not tell it in /proc. */
export function residentMb(pid: number): number | null {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(procFile(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

/** CPU milliseconds that the process has used, in its own code and in the kernel's; null likewise. */
export function cpuMs(pid: number): number | null {
  return readStat(pid)?.cpuMs ?? null;
}

/** The same of all children that the process has now: PostgreSQL's backends, for one. */
export function childrenCpuMs(parent: number): number | null {
  if (!existsSync('/proc')) return null;
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  const children = pids.map(readStat).filter((stat) => stat?.parent === parent);
  return children.reduce((sum, stat) => sum + (stat?.cpuMs ?? 0), 0);
}

/** proc(5): the parent, utime and stime are fields 4, 14 and 15; a tick is 10 ms; the name before ends in `)`. */
function readStat(pid: number) {
  const fields = procFile(pid, 'stat')?.split(') ').at(-1)?.split(' ');
  if (fields === undefined) return null;
  return { parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 };
}

function procFile(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null; // no such file system, or no such process any more
  }
}
