/** Waiting requests, in turn by project: a project with a thousand of them does not delay a project with one. */
export interface FairQueue<T> {
  readonly size: number;
  sizeOf(project: string): number;
  /** False where the queue is full, in total or for this project. */
  add(project: string, waiter: T): boolean;
  remove(project: string, waiter: T): void;
  /** The first waiter of the first project that may have a turn; the project then goes to the end. */
  next(mayHaveTurn: (project: string) => boolean): T | null;
  /** Empties it. */
  takeAll(): readonly T[];
}

export interface FairQueueLimits {
  readonly total: number;
  readonly perProject: number;
}

/** A project's waiters, first come first served; at least one. */
interface Line<T> {
  readonly project: string;
  readonly waiters: T[];
}

/**
 * Arrays, not a Map of Sets: where entries come and go, V8 replaces the table of either every few of them, and each
 * table that was promoted to the old generation keeps those after it alive, with all that waited in them.
 */
export function createFairQueue<T>({ total, perProject }: FairQueueLimits): FairQueue<T> {
  /** In the order of turns. */
  const lines: Line<T>[] = [];
  let size = 0;

  const lineOf = (project: string) => lines.find((line) => line.project === project);

  /** Takes the waiter at `index` out of a line, and the line away with its last one. */
  const takeOut = (line: Line<T>, index: number): T | undefined => {
    const [waiter] = line.waiters.splice(index, 1);
    size -= 1;
    if (line.waiters.length === 0) lines.splice(lines.indexOf(line), 1);
    return waiter;
  };

  return {
    get size() {
      return size;
    },
    sizeOf: (project) => lineOf(project)?.waiters.length ?? 0,
    add(project, waiter) {
      const line = lineOf(project);
      if (size >= total || (line?.waiters.length ?? 0) >= perProject) return false;
      if (line === undefined) lines.push({ project, waiters: [waiter] });
      else line.waiters.push(waiter);
      size += 1;
      return true;
    },
    remove(project, waiter) {
      const line = lineOf(project);
      const index = line?.waiters.indexOf(waiter) ?? -1;
      if (line !== undefined && index >= 0) takeOut(line, index);
    },
    next(mayHaveTurn) {
      const index = lines.findIndex(({ project }) => mayHaveTurn(project));
      const line = lines[index];
      if (line === undefined) return null;
      lines.splice(index, 1);
      lines.push(line);
      return takeOut(line, 0) ?? null;
    },
    takeAll() {
      const all = lines.flatMap(({ waiters }) => waiters);
      lines.length = 0;
      size = 0;
      return all;
    },
  };
}
