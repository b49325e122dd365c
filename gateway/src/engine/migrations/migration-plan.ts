/** From harmless to worst; a step has the worst that applies to it. */
export const hazards = ['NONE', 'LOCK', 'MAY_FAIL', 'DATA_LOSS'] as const;

/**
 * - `LOCK`: rewrites or scans a table while others wait; `count` counts its rows.
 * - `MAY_FAIL`: rows may stand against it, and then nothing is applied; `count` counts those rows.
 * - `DATA_LOSS`: `count` counts the rows or values that are lost.
 */
export type Hazard = (typeof hazards)[number];

export type StepKind =
  | 'CREATE_TABLE'
  | 'DROP_TABLE'
  | 'RENAME_TABLE'
  | 'ADD_COLUMN'
  | 'DROP_COLUMN'
  | 'RENAME_COLUMN'
  | 'CHANGE_TYPE'
  | 'CHANGE_DEFAULT'
  | 'SET_REQUIRED'
  | 'SET_OPTIONAL'
  | 'ADD_KEY'
  | 'DROP_KEY'
  | 'ADD_CHECK'
  | 'DROP_CHECK'
  | 'ADD_FOREIGN_KEY'
  | 'DROP_FOREIGN_KEY'
  | 'RENAME_CONSTRAINTS';

export interface PlanStep {
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
export interface PlanLocks {
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
  readonly steps: readonly PlanStep[];
  readonly locks: PlanLocks;
}
