/** Requests that wait, in turn by project: whoever asks a thousand times does not stand ahead of who asks once. */
export interface FairQueue<T> {
  readonly size: number;
  sizeOf(project: string): number;
  /** False where there is no room, for anybody or for this project. */
  add(project: string, waiter: T): boolean;
  remove(project: string, waiter: T): void;
  /** The first waiter of the first project that may have a turn; the project then stands last. */
  next(mayHaveTurn: (project: string) => boolean): T | null;
  /** Empties it. */
  takeAll(): readonly T[];
}

export interface FairQueueLimits {
  readonly total: number;
  readonly perProject: number;
}

export function createFairQueue<T>({ total, perProject }: FairQueueLimits): FairQueue<T> {
  /** In the order of turns; no project without a waiter. */
  const waiting = new Map<string, Set<T>>();
  let size = 0;

  const remove = (project: string, waiters: Set<T>, waiter: T) => {
    if (!waiters.delete(waiter)) return;
    size -= 1;
    if (waiters.size === 0) waiting.delete(project);
  };

  return {
    get size() {
      return size;
    },
    sizeOf: (project) => waiting.get(project)?.size ?? 0,
    add(project, waiter) {
      const waiters = waiting.get(project) ?? new Set();
      if (size >= total || waiters.size >= perProject) return false;
      waiting.set(project, waiters.add(waiter));
      size += 1;
      return true;
    },
    remove(project, waiter) {
      const waiters = waiting.get(project);
      if (waiters !== undefined) remove(project, waiters, waiter);
    },
    next(mayHaveTurn) {
      for (const [project, waiters] of waiting) {
        if (!mayHaveTurn(project)) continue;
        const [first] = waiters;
        if (first === undefined) continue;
        waiting.delete(project);
        waiting.set(project, waiters);
        remove(project, waiters, first);
        return first;
      }
      return null;
    },
    takeAll() {
      const all = [...waiting.values()].flatMap((waiters) => [...waiters]);
      waiting.clear();
      size = 0;
      return all;
    },
  };
}
