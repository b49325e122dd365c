import type { Hazard } from '../../engine/migrations.ts';
import type { Diagnostic } from '../../engine/schema.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import { ExpectedError } from '../errors/expected-error.ts';
import type { SchemaPlan, SchemaPlanStep } from './schema-plan.ts';

/** The SDL cannot be read; everything that is wrong with it at once. */
export class InvalidSchemaError extends ExpectedError<'INVALID_SCHEMA'> {
  override readonly name = 'InvalidSchemaError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super('INVALID_SCHEMA', message);
    this.diagnostics = diagnostics;
  }
}

/** The hash is of another plan than the one that applies now. */
export class StalePlanError extends ExpectedError<'STALE_PLAN'> {
  override readonly name = 'StalePlanError';
  readonly plan: SchemaPlan;

  constructor(message: string, plan: SchemaPlan) {
    super('STALE_PLAN', message);
    this.plan = plan;
  }
}

export class HazardNotAcceptedError extends ExpectedError<'HAZARD_NOT_ACCEPTED'> {
  override readonly name = 'HazardNotAcceptedError';
  readonly hazards: readonly Hazard[];
  readonly plan: SchemaPlan;

  constructor(message: string, hazards: readonly Hazard[], plan: SchemaPlan) {
    super('HAZARD_NOT_ACCEPTED', message);
    this.hazards = hazards;
    this.plan = plan;
  }
}

/** A step could not be done on the data that is there. Nothing was changed. */
export class SchemaNotAppliedError extends ExpectedError<'SCHEMA_NOT_APPLIED'> {
  override readonly name = 'SchemaNotAppliedError';
  /** The step that stopped it, with the rows in its way; null when the plan as a whole did. */
  readonly step: SchemaPlanStep | null;

  constructor(message: string, step: SchemaPlanStep | null) {
    super('SCHEMA_NOT_APPLIED', message);
    this.step = step;
  }
}

/** The catalogue of errors of planning and applying a schema. They carry plans, which only this feature knows. */
export const schemaErrors = {
  invalidSchema: (diagnostics: readonly Diagnostic[]) =>
    new InvalidSchemaError(
      diagnostics.length === 1
        ? (diagnostics[0]?.message ?? 'The schema is not valid.')
        : `The schema is not valid in ${diagnostics.length} places.`,
      diagnostics,
    ),
  stalePlan: (plan: SchemaPlan) =>
    new StalePlanError(
      'The plan is not the current one any more. Read the new plan, and apply it by its hash.',
      plan,
    ),
  hazardNotAccepted: (hazards: readonly Hazard[], plan: SchemaPlan) =>
    new HazardNotAcceptedError(
      `The plan has hazards that were not accepted: ${hazards.join(', ')}. Nothing was changed.`,
      hazards,
      plan,
    ),
  rowsInTheWay: (step: SchemaPlanStep | null) =>
    schemaNotApplied(
      'Rows stand against a step. Nothing was changed; plan again to see how many.',
      step,
    ),
  planTooLarge: (step: SchemaPlanStep | null) =>
    schemaNotApplied(
      'The plan is too large for one transaction. Nothing was changed; apply it in parts.',
      step,
    ),
  locked: () =>
    new RequestError(
      'SCHEMA_LOCKED',
      'The data is in use or its schema is being changed. Nothing was changed; try again.',
      { retryAfterSeconds: 2 },
    ),
  timedOut: () =>
    new RequestError(
      'TIMEOUT',
      'A step over the data took too long. Nothing was changed; try again when there is less to do.',
    ),
} as const;

function schemaNotApplied(message: string, step: SchemaPlanStep | null) {
  return new SchemaNotAppliedError(
    step === null ? message : `${message} The step was: ${step.summary}`,
    step,
  );
}
