import pg from 'pg';
import { DocumentError } from '../../graphql/document-error.ts';

/** Failures that say nothing of the tables being other than they were thought to be. */
const knownCodes: ReadonlySet<string> = new Set([
  '23505', // unique_violation
  '23503', // foreign_key_violation
  '23001', // restrict_violation
]);

const transientCodes: ReadonlySet<string> = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);

/** May a request have failed because the schema was changed since it was planned, or is not known here yet? */
export function mayBeStale(error: unknown): boolean {
  if (error instanceof DocumentError) return true;
  const code = sqlStateOf(error);
  return code !== null && !knownCodes.has(code) && !transientCodes.has(code);
}

/** Did others stand in the way, such as a change of the schema? All of the request was undone. */
export function isTransient(error: unknown): boolean {
  return transientCodes.has(sqlStateOf(error) ?? '');
}

/** Of the error of PostgreSQL at the ground of an error. */
function sqlStateOf(error: unknown): string | null {
  let origin = error;
  while (origin instanceof Error && !(origin instanceof pg.DatabaseError)) origin = origin.cause;
  return origin instanceof pg.DatabaseError ? (origin.code ?? null) : null;
}
