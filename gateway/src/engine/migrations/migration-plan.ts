import type { PlanNote } from './access/plan-notes.ts';
import type { Lineage } from './lineage.ts';

/** In ascending order of severity. A step has the most severe hazard that applies to it. */
export const hazards = ['NONE', 'LOCK', 'MAY_FAIL', 'WIDENS_ACCESS', 'DATA_LOSS'] as const;

/**
 * - `LOCK`: the step rewrites or scans a table while other transactions wait. `count` counts the rows of the table, or
 *   those that the step fills.
 * - `MAY_FAIL`: existing rows can make the step fail. If it fails, nothing is applied. `count` counts these rows.
 * - `WIDENS_ACCESS`: callers with access rules may be able to do more than before.
 * - `DATA_LOSS`: data is lost. `count` counts the affected rows or values.
 */
export type Hazard = (typeof hazards)[number];

/**
 * The kinds of steps, in the order in which they run. Dependent objects are dropped first and added last, and a name is
 * not reused before it is free. Steps before the renames use current names, and steps after them use next names. Steps
 * whose kinds are in the same list keep the order in which they were planned.
 */
const phases = [
  ['DROP_FOREIGN_KEY'],
  ['DROP_CHECK'],
  ['DROP_KEY'],
  ['DROP_SEQUENCE'],
  ['DROP_COLUMN'],
  ['DROP_TABLE'],
  ['RENAME_TABLE'],
  ['RENAME_COLUMN'],
  ['RENAME_CONSTRAINTS'],
  ['CREATE_TABLE'],
  ['ADD_COLUMN'],
  ['RENAME_VALUES'],
  ['SET_OPTIONAL', 'CHANGE_TYPE', 'CHANGE_DEFAULT', 'SET_REQUIRED'],
  ['FILL_COLUMN'],
  ['ADD_SEQUENCE'],
  ['ADD_CHECK'],
  ['ADD_KEY'],
  ['ADD_FOREIGN_KEY'],
  ['ACCESS'],
] as const;

export type StepKind = (typeof phases)[number][number];

export function inOrder(steps: readonly MigrationStep[]): readonly MigrationStep[] {
  return phases.flatMap((kinds: readonly StepKind[]) =>
    steps.filter(({ kind }) => kinds.includes(kind)),
  );
}

export interface MigrationStep {
  readonly kind: StepKind;
  /** The changed object, with names from the SDL: `Issue`, `Issue.title`, `Issue(board, number)`. */
  readonly target: string;
  /** One or two sentences for users, from `sentences.ts`. */
  readonly summary: string;
  /** Statements without parameters, in the order in which to run them. */
  readonly sql: readonly string[];
  readonly hazard: Hazard;
  /**
   * A query that returns one row with the column `count`. It must run before the first step. Null if the hazard is
   * `NONE` or `WIDENS_ACCESS`.
   */
  readonly count: string | null;
  /** Like `count`, for all rows of the table. Null unless the hazard is `MAY_FAIL`. */
  readonly rows: string | null;
  /**
   * Like `count`, for rows that are too long for the index that the step adds. Such rows make the step fail. Null if
   * there can be none.
   */
  readonly tooLong: string | null;
  /** The rows that callers who are signed out can read. Null unless the step may change which ones. */
  readonly publicRows: PublicRows | null;
}

/**
 * Queries without columns for the rows before and after a step. They must run before the first step. Null if the rows
 * cannot be counted then.
 */
export interface PublicRows {
  readonly before: string | null;
  readonly after: string | null;
}

/** A type or field that is dropped and one that is added, which could be the same under a new name. */
export interface RenameSuggestion {
  /** The added type or field in the SDL: `Photo.photoLink`. */
  readonly target: string;
  /** The dropped type or field in the current SDL: `Photo.photoUrl`. */
  readonly from: string;
  /** What to write after `target` in the SDL: `@rename(from: "photoUrl")`. */
  readonly directive: string;
  readonly summary: string;
}

/**
 * The existing tables to lock. `exclusive` tables can be neither read nor changed; `shared` tables can be read but not
 * changed.
 */
export interface MigrationLocks {
  readonly exclusive: readonly string[];
  readonly shared: readonly string[];
}

/** Plain JSON data that can be stored and displayed. */
export interface MigrationPlan {
  /**
   * SHA-256 (hex) of everything that determines the changes. Plans with the same hash make the same changes. Summaries,
   * suggestions, notes, the lineage and the steps' `rows`, `tooLong` and `publicRows` are excluded.
   */
  readonly hash: string;
  readonly schema: string;
  readonly role: string;
  /** The number of the version that the plan starts from, or 0 if there is none. */
  readonly baseVersion: number;
  /** SHA-256 (hex) of the next model. */
  readonly target: string;
  readonly steps: readonly MigrationStep[];
  readonly locks: MigrationLocks;
  readonly suggestions: readonly RenameSuggestion[];
  readonly notes: readonly PlanNote[];
  /** The lineage of the next version, to be stored with it. */
  readonly lineage: Lineage;
}
