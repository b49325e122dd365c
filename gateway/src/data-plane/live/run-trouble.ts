import { databaseTrouble } from '../../platform/db/database-trouble.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { OperationError } from '../../engine/runtime.ts';
import { ConnectionLostError, UnansweredError } from '../connections/exchange.ts';
import { retryDecision } from '../operations/retry.ts';

/**
 * Why a statement of live queries or change streams failed. LATER: because of the database or its load. ROWS: because of
 * the rows or values that it computed. SCHEMA: the tables or the project's role might have changed.
 */
export type RunTrouble =
  | { readonly kind: 'LATER'; readonly error: unknown }
  | { readonly kind: 'ROWS'; readonly error: unknown }
  | { readonly kind: 'SCHEMA'; readonly error: unknown; readonly isRole: boolean };

export function runTrouble(thrown: unknown): RunTrouble {
  const error = explained(thrown);
  if (error instanceof OperationError) return { kind: 'ROWS', error };
  if (error instanceof RequestError) {
    return { kind: error.transient && error.code !== 'TIMEOUT' ? 'LATER' : 'ROWS', error };
  }
  if (databaseTrouble(error) !== null) return { kind: 'LATER', error };
  const decision = retryDecision(error, 1);
  if (decision === 'RETRY') return { kind: 'LATER', error };
  return { kind: 'SCHEMA', error, isRole: decision === 'RESTORE_ROLE' };
}

function explained(error: unknown): unknown {
  if (error instanceof UnansweredError) return requestErrors.timedOut();
  if (error instanceof ConnectionLostError) return requestErrors.databaseUnavailable(error);
  return error;
}
