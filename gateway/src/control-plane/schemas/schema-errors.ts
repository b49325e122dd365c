import { MigrationError } from '../../data-plane/schema/migration-error.ts';
import type { Diagnostic } from '../../engine/schema.ts';
import type { Hazard } from '../../engine/migrations.ts';
import { assertNever, errors } from '../../platform/errors/errors.ts';
import { ExpectedError } from '../../platform/errors/expected-error.ts';
import type { SchemaPlan, SchemaPlanStep } from './schema-plan.ts';

/** The SDL cannot be read; everything that is wrong with it at once. */
export class InvalidSchemaError extends ExpectedError {
  override readonly name = 'InvalidSchemaError';
  readonly code = 'INVALID_SCHEMA';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(
      diagnostics.length === 1
        ? (diagnostics[0]?.message ?? 'The schema is not valid.')
        : `The schema is not valid in ${diagnostics.length} places.`,
    );
    this.diagnostics = diagnostics;
  }
}

/** The hash is of another plan than the one that applies now. */
export class StalePlanError extends ExpectedError {
  override readonly name = 'StalePlanError';
  readonly code = 'STALE_PLAN';
  readonly plan: SchemaPlan;

  constructor(plan: SchemaPlan) {
    super('The plan is not the current one any more. Read the new plan, and apply it by its hash.');
    this.plan = plan;
  }
}

export class HazardNotAcceptedError extends ExpectedError {
  override readonly name = 'HazardNotAcceptedError';
  readonly code = 'HAZARD_NOT_ACCEPTED';
  readonly hazards: readonly Hazard[];
  readonly plan: SchemaPlan;

  constructor(hazards: readonly Hazard[], plan: SchemaPlan) {
    super(
      `The plan has hazards that were not accepted: ${hazards.join(', ')}. Nothing was changed.`,
    );
    this.hazards = hazards;
    this.plan = plan;
  }
}

/** A step could not be done on the data that is there. Nothing was changed. */
export class SchemaNotAppliedError extends ExpectedError {
  override readonly name = 'SchemaNotAppliedError';
  readonly code = 'SCHEMA_NOT_APPLIED';
  /** The step that stopped it, with the rows in its way; null when the plan as a whole did. */
  readonly step: SchemaPlanStep | null;

  constructor(message: string, step: SchemaPlanStep | null) {
    super(step === null ? message : `${message} The step was: ${step.summary}`);
    this.step = step;
  }
}

/** What a caller is told of whatever planning or applying failed with; surprises stay what they are. */
export function explainSchemaFailure(error: unknown, plan: SchemaPlan | null): unknown {
  if (!(error instanceof MigrationError)) return error;
  switch (error.code) {
    case 'LOCKED':
      return errors.schemaLocked();
    case 'TIMED_OUT':
      return errors.schemaTimedOut();
    case 'ROWS_IN_THE_WAY':
    case 'TOO_LARGE':
      return new SchemaNotAppliedError(error.message, stepOf(error, plan));
    case 'OUTCOME_UNKNOWN':
    case 'FAILED':
      return error;
    default:
      return assertNever(error.code);
  }
}

function stepOf({ step, rows }: MigrationError, plan: SchemaPlan | null): SchemaPlanStep | null {
  const found = step === null ? undefined : plan?.steps[step];
  if (found === undefined) return null;
  return { ...found, affectedRows: rows ?? found.affectedRows };
}
