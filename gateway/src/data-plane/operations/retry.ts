import pg from 'pg';

import { DocumentError } from '../../graphql/document-error.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { databaseTrouble } from '../../platform/db/database-trouble.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import { ConnectionLostError, UnansweredError } from '../connections/exchange.ts';
import { ProjectRoleError } from '../projects/project-role-error.ts';

/**
 * The decision after a failed attempt: return the error, run the operation again, run it again only if the project's
 * schema has changed, or restore the project's role and run the operation again.
 */
export type RetryDecision = 'FAIL' | 'RETRY' | 'RETRY_IF_CHANGED' | 'RESTORE_ROLE';

/** Maximum attempts when the schema changes during a request. */
const maxAttempts = 3;

/**
 * @param error the error of an attempt that had no effect, or `OUTCOME_UNKNOWN`
 * @param attempt the number of the attempt, starting at 1
 */
export function retryDecision(error: unknown, attempt: number): RetryDecision {
  if (attempt >= maxAttempts) return 'FAIL';
  // This includes OUTCOME_UNKNOWN: the mutation must not run a second time.
  if (error instanceof RequestError) return 'FAIL';
  if (error instanceof ConnectionLostError) {
    return error instanceof UnansweredError ? 'FAIL' : 'RETRY';
  }
  if (error instanceof DocumentError) return attempt === 1 ? 'RETRY_IF_CHANGED' : 'FAIL';
  // The statement did not run.
  if (error instanceof ProjectRoleError) return attempt === 1 ? 'RESTORE_ROLE' : 'FAIL';
  const kind = databaseErrorKind(error);
  switch (kind) {
    case 'CONFLICT':
      return 'RETRY';
    case 'FORBIDDEN':
      return attempt === 1 ? 'RESTORE_ROLE' : 'FAIL';
    case 'OTHER':
      return 'RETRY_IF_CHANGED';
    case 'VIOLATION':
    case 'OUTAGE':
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

/**
 * Classifies a database error. CONFLICT: rolled back because of a conflict with another transaction. FORBIDDEN: the
 * project's role lacks a privilege on its own tables. VIOLATION: the data violates a constraint, so a schema change
 * would not help. OUTAGE: the database could not run the statement. OTHER: the schema might have changed since the
 * operation was compiled. Null: not a PostgreSQL error.
 */
function databaseErrorKind(
  error: unknown,
): 'CONFLICT' | 'FORBIDDEN' | 'VIOLATION' | 'OUTAGE' | 'OTHER' | null {
  let origin = error;
  while (origin instanceof Error && !(origin instanceof pg.DatabaseError)) origin = origin.cause;
  if (!(origin instanceof pg.DatabaseError) || origin.code === undefined) return null;
  const trouble = databaseTrouble(origin);
  if (trouble === 'conflict') return 'CONFLICT';
  if (trouble !== null) return 'OUTAGE';
  // insufficient_privilege
  if (origin.code === '42501') return 'FORBIDDEN';
  return violationCodes.has(origin.code) ? 'VIOLATION' : 'OTHER';
}
