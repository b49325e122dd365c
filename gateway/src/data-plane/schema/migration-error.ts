/**
 * Why a schema could not be changed. Nothing was, in every case but `OUTCOME_UNKNOWN`.
 *
 * - `LOCKED`: a table or the project is in use for longer than a migration waits.
 * - `TIMED_OUT`: a statement took too long.
 * - `ROWS_IN_THE_WAY`: rows stand against a step with the hazard `MAY_FAIL`.
 * - `TOO_LARGE`: the plan needs more locks or memory than the database has; apply it in parts.
 * - `OUTCOME_UNKNOWN`: the connection broke while the transaction was being committed.
 * - `FAILED`: anything else; `sqlState` tells operators more.
 */
export type MigrationErrorCode =
  'LOCKED' | 'TIMED_OUT' | 'ROWS_IN_THE_WAY' | 'TOO_LARGE' | 'OUTCOME_UNKNOWN' | 'FAILED';

export interface MigrationErrorFacts {
  /** The place in `plan.steps`, where one step is to blame. */
  readonly step?: number;
  /** How many rows are in the way. */
  readonly rows?: number;
  /** PostgreSQL's five-character code. */
  readonly sqlState?: string;
}

/** Never holds a text of PostgreSQL's, which may quote names, SQL and values. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;
  readonly step: number | null;
  readonly rows: number | null;
  readonly sqlState: string | null;

  constructor(code: MigrationErrorCode, { step, rows, sqlState }: MigrationErrorFacts = {}) {
    super(messages[code]);
    this.code = code;
    this.step = step ?? null;
    this.rows = rows ?? null;
    this.sqlState = sqlState ?? null;
  }
}

const messages: Readonly<Record<MigrationErrorCode, string>> = {
  LOCKED: 'The data is in use or its schema is being changed. Nothing was changed; try again.',
  TIMED_OUT: 'A step took too long. Nothing was changed; try again when there is less to do.',
  ROWS_IN_THE_WAY: 'Rows stand against a step. Nothing was changed; plan again to see how many.',
  TOO_LARGE: 'The plan is too large for one transaction. Nothing was changed; apply it in parts.',
  OUTCOME_UNKNOWN:
    'The connection broke at the very end. Look at the versions before trying again.',
  FAILED: 'A step failed. Nothing was changed.',
};

const bySqlState: Readonly<Record<string, MigrationErrorCode>> = {
  '55P03': 'LOCKED', // lock_not_available
  '40P01': 'LOCKED', // deadlock_detected
  '57014': 'TIMED_OUT', // query_canceled
  '25P03': 'TIMED_OUT', // idle_in_transaction_session_timeout
  '53200': 'TOO_LARGE', // out_of_memory, of which shared memory for locks
  '54000': 'ROWS_IN_THE_WAY', // program_limit_exceeded: a text too long for an index
  '23502': 'ROWS_IN_THE_WAY', // not_null_violation
  '23503': 'ROWS_IN_THE_WAY', // foreign_key_violation
  '23505': 'ROWS_IN_THE_WAY', // unique_violation
  '23514': 'ROWS_IN_THE_WAY', // check_violation
};

/** The coded error for whatever a statement threw. */
export function toMigrationError(error: unknown, step?: number): MigrationError {
  if (error instanceof MigrationError) return error;
  const sqlState = sqlStateOf(error);
  const facts = {
    ...(step === undefined ? {} : { step }),
    ...(sqlState === null ? {} : { sqlState }),
  };
  return new MigrationError(codeOf(sqlState), facts);
}

function codeOf(sqlState: string | null): MigrationErrorCode {
  if (sqlState === null) return 'FAILED';
  // Class 22: a value that a cast or check could not take.
  return bySqlState[sqlState] ?? (sqlState.startsWith('22') ? 'ROWS_IN_THE_WAY' : 'FAILED');
}

function sqlStateOf(error: unknown): string | null {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  if (!isCoded || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
