import type { Commit } from '../changes/changes.ts';
import { endOfCommit, type LogPosition } from '../changes/cursor.ts';

/** The commits between two positions of the log. */
export interface CommitBatch {
  readonly commits: readonly Commit[];
  /** The position after the last commit. */
  readonly end: LogPosition;
}

/** The latest commits of a project, so that change streams that are almost up to date do not read the log. */
export interface RecentCommits {
  readonly end: LogPosition;
  /** Adds the commits between `end` and the given position. */
  push(commits: readonly Commit[], end: LogPosition): void;
  /** Forgets all commits, because some between `end` and this position are not known. */
  restart(end: LogPosition): void;
  /** Returns the commits after a position, or null if some of them are not known. */
  after(position: LogPosition): CommitBatch | null;
}

export interface RecentLimits {
  readonly changes: number;
  readonly bytes: number;
}

export function createRecentCommits(start: LogPosition, limits: RecentLimits): RecentCommits {
  let commits: Commit[] = [];
  let from = start;
  let end = start;
  let changes = 0;
  let bytes = 0;

  const dropOldest = (): void => {
    const oldest = commits.shift();
    if (oldest === undefined) return;
    changes -= oldest.changes.length;
    bytes -= bytesOf(oldest);
    from = { epoch: end.epoch, pos: oldest.pos, seq: endOfCommit };
  };

  return {
    get end() {
      return end;
    },
    push(more, to) {
      for (const commit of more) {
        commits.push(commit);
        changes += commit.changes.length;
        bytes += bytesOf(commit);
      }
      end = to;
      while (changes > limits.changes || bytes > limits.bytes) dropOldest();
    },
    restart(to) {
      commits = [];
      from = to;
      end = to;
      changes = 0;
      bytes = 0;
    },
    after(position) {
      if (comparePositions(position, from) < 0 || position.epoch !== end.epoch) return null;
      return { commits: commits.flatMap((commit) => restOf(commit, position) ?? []), end };
    },
  };
}

function bytesOf({ changes }: Commit): number {
  return changes.reduce(
    (sum, change) => sum + 100 + (change.old?.length ?? 0) + (change.new?.length ?? 0),
    0,
  );
}

/** The part of a commit after a position. Null if there is none. */
function restOf(commit: Commit, { pos, seq }: LogPosition): Commit | null {
  if (commit.pos > pos) return commit;
  if (commit.pos < pos) return null;
  const changes = commit.changes.filter((change) => change.seq > seq);
  return changes.length === 0 ? null : { ...commit, changes };
}

/** Compares positions of the same epoch. A negative number means that the first one is earlier. */
export function comparePositions(one: LogPosition, other: LogPosition): number {
  if (one.pos !== other.pos) return one.pos < other.pos ? -1 : 1;
  if (one.seq === other.seq) return 0;
  return one.seq < other.seq ? -1 : 1;
}
