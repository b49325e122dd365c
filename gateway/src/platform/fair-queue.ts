/**
 * A queue of waiting requests in which projects take turns, so that a project with a thousand requests does not delay a
 * project with one.
 */
export interface FairQueue<T> {
  readonly size: number;
  sizeOf(project: string): number;
  /** Adds a waiter. Returns false if the queue is full, in total or for this project. */
  add(project: string, waiter: T): boolean;
  remove(project: string, waiter: T): void;
  /** Removes and returns the first waiter of the first project that can have a turn. The project moves to the end. */
  next(mayHaveTurn: (project: string) => boolean): T | null;
  /** Removes and returns all waiters. */
  takeAll(): readonly T[];
}

export interface FairQueueLimits {
  readonly total: number;
  readonly perProject: number;
}

/** The waiters of one project, in order of arrival. Never empty. */
interface Line<T> {
  readonly project: string;
  readonly waiters: T[];
}

/**
 * Creates an empty queue. It uses arrays instead of a Map of Sets: V8 replaces the hash table of a Map or Set after a
 * few insertions and deletions, and a table in the old generation keeps all later tables and their entries alive.
 */
export function createFairQueue<T>({ total, perProject }: FairQueueLimits): FairQueue<T> {
  /** The lines of all projects, in the order of their turns. */
  const lines: Line<T>[] = [];
  let size = 0;

  const lineOf = (project: string) => lines.find((line) => line.project === project);

  /** Removes the waiter at `index` from a project's line. Removes the line if it is then empty. */
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
