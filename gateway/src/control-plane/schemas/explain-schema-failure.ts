import { SchemaChangeError } from '../../data-plane/schema.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { schemaErrors } from './schema-errors.ts';
import type { SchemaPlan, SchemaPlanStep } from './schema-plan.ts';

/**
 * Converts an expected error from planning or applying a schema to a client error. Returns any other error unchanged.
 */
export function explainSchemaFailure(error: unknown, plan: SchemaPlan | null): unknown {
  if (!(error instanceof SchemaChangeError)) return error;
  switch (error.code) {
    case 'LOCKED':
      return schemaErrors.locked();
    case 'TIMED_OUT':
      return schemaErrors.timedOut();
    case 'ROWS_IN_THE_WAY':
      return schemaErrors.rowsInTheWay(stepOf(error, plan));
    case 'TOO_LARGE':
      return schemaErrors.planTooLarge(stepOf(error, plan));
    case 'FAILED':
      // The failed step was rolled back with all earlier steps.
      return error.cause === undefined ? error : requestErrors.databaseUnavailable(error.cause);
    default:
      return assertNever(error.code);
  }
}

function stepOf({ step, rows }: SchemaChangeError, plan: SchemaPlan | null): SchemaPlanStep | null {
  const found = step === null ? undefined : plan?.steps[step];
  if (found === undefined) return null;
  return { ...found, affectedRows: rows ?? found.affectedRows };
}
