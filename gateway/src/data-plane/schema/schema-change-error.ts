/**
 * Why a schema could not be changed. The caller rolls back, so that nothing was.
 *
 * - `LOCKED`: a table or the project is in use for longer than a migration waits.
 * - `TIMED_OUT`: a statement took too long.
 * - `ROWS_IN_THE_WAY`: rows stand against a step with the hazard `MAY_FAIL`.
 * - `TOO_LARGE`: the plan needs more locks or memory than the database has; apply it in parts.
 * - `FAILED`: anything else; `sqlState` tells operators more.
 */
export type SchemaChangeErrorCode =
  'LOCKED' | 'TIMED_OUT' | 'ROWS_IN_THE_WAY' | 'TOO_LARGE' | 'FAILED';

export interface SchemaChangeErrorFacts {
  /** The place in `plan.steps`, where one step is to blame. */
  readonly step?: number;
  /** How many rows are in the way. */
  readonly rows?: number;
  /** PostgreSQL's five-character code. */
  readonly sqlState?: string;
}

/**
 * Internal: the control plane translates it for clients. Never holds a text of PostgreSQL's, which may
 * quote names, SQL and values.
 */
export class SchemaChangeError extends Error {
  override readonly name = 'SchemaChangeError';
  readonly code: SchemaChangeErrorCode;
  readonly step: number | null;
  readonly rows: number | null;
  readonly sqlState: string | null;

  constructor(code: SchemaChangeErrorCode, { step, rows, sqlState }: SchemaChangeErrorFacts = {}) {
    super(`The schema could not be changed: ${code}`);
    this.code = code;
    this.step = step ?? null;
    this.rows = rows ?? null;
    this.sqlState = sqlState ?? null;
  }
}

const bySqlState: Readonly<Record<string, SchemaChangeErrorCode>> = {
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
export function toSchemaChangeError(error: unknown, step?: number): SchemaChangeError {
  if (error instanceof SchemaChangeError) return error;
  const sqlState = sqlStateOf(error);
  const facts = {
    ...(step === undefined ? {} : { step }),
    ...(sqlState === null ? {} : { sqlState }),
  };
  return new SchemaChangeError(codeOf(sqlState), facts);
}

function codeOf(sqlState: string | null): SchemaChangeErrorCode {
  if (sqlState === null) return 'FAILED';
  // Class 22: a value that a cast or check could not take.
  return bySqlState[sqlState] ?? (sqlState.startsWith('22') ? 'ROWS_IN_THE_WAY' : 'FAILED');
}

function sqlStateOf(error: unknown): string | null {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  if (!isCoded || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
