import { isDataException } from '../../engine/runtime.ts';
import { databaseTrouble } from '../../platform/db/database-trouble.ts';

/**
 * The reason why a schema could not be changed. The caller rolls back the transaction, so that nothing is changed.
 * - `LOCKED`: a table or the project was in use for longer than a migration waits for a lock, or an earlier transaction
 *   can still read deleted rows that do not fit into a new index.
 * - `TIMED_OUT`: a statement took too long.
 * - `ROWS_IN_THE_WAY`: existing rows make a step with the hazard `MAY_FAIL` fail.
 * - `TOO_LARGE`: the plan needs more locks or memory than the database has. Apply it in parts.
 * - `FAILED`: any other error. `sqlState` has details for operators.
 */
export type SchemaChangeErrorCode =
  'LOCKED' | 'TIMED_OUT' | 'ROWS_IN_THE_WAY' | 'TOO_LARGE' | 'FAILED';

export interface SchemaChangeErrorFacts {
  /** The index in `plan.steps` of the step that caused the error. */
  readonly step?: number;
  /** Number of rows that make the step fail. */
  readonly rows?: number;
  /** PostgreSQL's five-character error code. */
  readonly sqlState?: string;
  /** The error of the database, if it was lost or unavailable. */
  readonly cause?: unknown;
}

/**
 * An internal error, which the control plane translates for clients. It never includes PostgreSQL's message about a
 * statement, which can quote names, SQL and values.
 */
export class SchemaChangeError extends Error {
  override readonly name = 'SchemaChangeError';
  readonly code: SchemaChangeErrorCode;
  readonly step: number | null;
  readonly rows: number | null;
  readonly sqlState: string | null;

  constructor(
    code: SchemaChangeErrorCode,
    { step, rows, sqlState, ...options }: SchemaChangeErrorFacts = {},
  ) {
    super(`The schema could not be changed: ${code}`, options);
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
  '53200': 'TOO_LARGE', // out_of_memory, including shared memory for locks
  '54000': 'ROWS_IN_THE_WAY', // program_limit_exceeded: a string is too long for an index
  '23502': 'ROWS_IN_THE_WAY', // not_null_violation
  '23503': 'ROWS_IN_THE_WAY', // foreign_key_violation
  '23505': 'ROWS_IN_THE_WAY', // unique_violation
  '23514': 'ROWS_IN_THE_WAY', // check_violation
};

/** Converts any statement error to a SchemaChangeError. */
export function toSchemaChangeError(error: unknown, step?: number): SchemaChangeError {
  if (error instanceof SchemaChangeError) return error;
  const sqlState = sqlStateOf(error);
  const facts = {
    ...(step === undefined ? {} : { step }),
    ...(sqlState === null ? {} : { sqlState }),
  };
  const code = codeOf(sqlState);
  const isOutage = code === 'FAILED' && databaseTrouble(error) !== null;
  return new SchemaChangeError(code, isOutage ? { ...facts, cause: error } : facts);
}

function codeOf(sqlState: string | null): SchemaChangeErrorCode {
  if (sqlState === null) return 'FAILED';
  // A cast or check rejected a value.
  return bySqlState[sqlState] ?? (isDataException(sqlState) ? 'ROWS_IN_THE_WAY' : 'FAILED');
}

function sqlStateOf(error: unknown): string | null {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  if (!isCoded || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
