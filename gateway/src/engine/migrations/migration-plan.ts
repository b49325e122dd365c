/** From harmless to worst; a step has the worst that applies to it. */
export const hazards = ['NONE', 'LOCK', 'MAY_FAIL', 'DATA_LOSS'] as const;

/**
 * - `LOCK`: rewrites or scans a table while others wait; `count` counts its rows.
 * - `MAY_FAIL`: rows may stand against it, and then nothing is applied; `count` counts those rows.
 * - `DATA_LOSS`: `count` counts the rows or values that are lost.
 */
export type Hazard = (typeof hazards)[number];

/**
 * The kinds of steps, in the order that always works: what depends on others is dropped first and added last, and no
 * name is given before it is free. Until the renames everything has its current name, after them its next.
 * Kinds of one line keep the order in which they were planned.
 */
const phases = [
  ['DROP_FOREIGN_KEY'],
  ['DROP_CHECK'],
  ['DROP_KEY'],
  ['DROP_COLUMN'],
  ['DROP_TABLE'],
  ['RENAME_TABLE'],
  ['RENAME_COLUMN'],
  ['RENAME_CONSTRAINTS'],
  ['CREATE_TABLE'],
  ['ADD_COLUMN'],
  ['SET_OPTIONAL', 'CHANGE_TYPE', 'CHANGE_DEFAULT', 'SET_REQUIRED'],
  ['ADD_CHECK'],
  ['ADD_KEY'],
  ['ADD_FOREIGN_KEY'],
] as const;

export type StepKind = (typeof phases)[number][number];

export function inOrder(steps: readonly MigrationStep[]): readonly MigrationStep[] {
  return phases.flatMap((kinds: readonly StepKind[]) =>
    steps.filter(({ kind }) => kinds.includes(kind)),
  );
}

export interface MigrationStep {
  readonly kind: StepKind;
  /** In the words of the SDL: `Issue`, `Issue.title`, `Issue(board, number)`. */
  readonly target: string;
  /** A sentence for people. */
  readonly summary: string;
  /** Statements without parameters, to be run in order. */
  readonly sql: readonly string[];
  readonly hazard: Hazard;
  /**
   * A query with one row and one column `count`, for the tables as they are before the first step; null
   * exactly where the hazard is `NONE`.
   */
  readonly count: string | null;
}

/** Existing tables that the steps need for themselves, and those that they only need to stay as they are. */
export interface MigrationLocks {
  readonly exclusive: readonly string[];
  readonly shared: readonly string[];
}

/** Plain data: it can be stored and shown as it is. */
export interface MigrationPlan {
  /** SHA-256 (hex) over everything else in here: a plan with the same hash does the same. */
  readonly hash: string;
  readonly schema: string;
  readonly role: string;
  /** The number of the version that this starts from; 0 where there is none. */
  readonly baseVersion: number;
  /** SHA-256 (hex) of the model that this leads to. */
  readonly target: string;
  readonly steps: readonly MigrationStep[];
  readonly locks: MigrationLocks;
}
