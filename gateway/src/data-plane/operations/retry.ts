import pg from 'pg';

import { DocumentError } from '../../graphql/document-error.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { ConnectionLostError } from '../connections/exchange.ts';

/**
 * The decision after a failed attempt: return the error, run the operation again, or run it again only if the project's
 * schema has changed.
 */
export type RetryDecision = 'FAIL' | 'RETRY' | 'RETRY_IF_CHANGED';

export interface FailedAttempt {
  /** The number of the attempt, starting at 1. */
  readonly attempt: number;
  /** Null if the error occurred before the operation was selected. */
  readonly operationType: 'query' | 'mutation' | 'subscription' | null;
}

/** Maximum attempts when the schema changes during a request. */
const maxAttempts = 3;

export function retryDecision(
  error: unknown,
  { attempt, operationType }: FailedAttempt,
): RetryDecision {
  if (attempt >= maxAttempts) return 'FAIL';
  // A mutation might have been committed before its connection was lost.
  if (error instanceof ConnectionLostError) return operationType === 'query' ? 'RETRY' : 'FAIL';
  if (error instanceof DocumentError) return attempt === 1 ? 'RETRY_IF_CHANGED' : 'FAIL';
  const kind = databaseErrorKind(error);
  switch (kind) {
    case 'TRANSIENT':
      return 'RETRY';
    case 'OTHER':
      return 'RETRY_IF_CHANGED';
    case 'VIOLATION':
    case null:
      return 'FAIL';
    default:
      return assertNever(kind);
  }
}

const violationCodes: ReadonlySet<string> = new Set([
  '23505', // unique_violation
  '23503', // foreign_key_violation
  '23001', // restrict_violation
]);

const transientCodes: ReadonlySet<string> = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);

/**
 * Classifies a database error. TRANSIENT: rolled back because of a conflict with another transaction. VIOLATION: the
 * data violates a constraint, so a schema change would not help. OTHER: the schema might have changed since the
 * operation was compiled. Null: not a PostgreSQL error.
 */
function databaseErrorKind(error: unknown): 'TRANSIENT' | 'VIOLATION' | 'OTHER' | null {
  let origin = error;
  while (origin instanceof Error && !(origin instanceof pg.DatabaseError)) origin = origin.cause;
  if (!(origin instanceof pg.DatabaseError) || origin.code === undefined) return null;
  if (transientCodes.has(origin.code)) return 'TRANSIENT';
  return violationCodes.has(origin.code) ? 'VIOLATION' : 'OTHER';
}
