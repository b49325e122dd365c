import type { Hazard } from '../../engine/migrations.ts';
import type { Diagnostic } from '../../engine/schema.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import { ExpectedError } from '../errors/expected-error.ts';
import type { SchemaPlan, SchemaPlanStep } from './schema-plan.ts';

/** The SDL is invalid. Lists all problems. */
export class InvalidSchemaError extends ExpectedError<'INVALID_SCHEMA'> {
  override readonly name = 'InvalidSchemaError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super('INVALID_SCHEMA', message);
    this.diagnostics = diagnostics;
  }
}

/** The hash does not match the current plan. */
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

/** A step failed because of the existing data. Nothing was changed. */
export class SchemaNotAppliedError extends ExpectedError<'SCHEMA_NOT_APPLIED'> {
  override readonly name = 'SchemaNotAppliedError';
  /** The step that failed, and the number of rows that caused the failure. Null if no single step failed. */
  readonly step: SchemaPlanStep | null;

  constructor(message: string, step: SchemaPlanStep | null) {
    super('SCHEMA_NOT_APPLIED', message);
    this.step = step;
  }
}

/** The errors that can occur when a schema is planned or applied. They are defined here because they contain plans. */
export const schemaErrors = {
  invalidSchema: (diagnostics: readonly Diagnostic[]) =>
    new InvalidSchemaError(
      diagnostics.length === 1
        ? (diagnostics[0]?.message ?? 'The schema is invalid.')
        : `The schema has ${diagnostics.length} problems.`,
      diagnostics,
    ),
  stalePlan: (plan: SchemaPlan) =>
    new StalePlanError(
      'The plan is out of date. Review the new plan, and apply it with its hash.',
      plan,
    ),
  hazardNotAccepted: (hazards: readonly Hazard[], plan: SchemaPlan) =>
    new HazardNotAcceptedError(
      `The plan has hazards that were not accepted: ${hazards.join(', ')}. Nothing was changed.`,
      hazards,
      plan,
    ),
  rowsInTheWay: (step: SchemaPlanStep | null) =>
    new SchemaNotAppliedError(
      `Existing rows prevent ${step === null ? 'a step in the plan.' : `this step: "${step.summary}"`} Nothing was changed. Plan again to see the number of rows.`,
      step,
    ),
  certainToFail: (step: SchemaPlanStep) =>
    new SchemaNotAppliedError(
      `This step is certain to fail, so it cannot be accepted: "${step.summary}" All existing rows violate the new rule. Nothing was changed. Correct the rows, or change the schema, for example with a default or an optional field.`,
      step,
    ),
  planTooLarge: (step: SchemaPlanStep | null) =>
    new SchemaNotAppliedError(
      `The plan is too large for one transaction. Nothing was changed. Apply the schema in smaller parts.${step === null ? '' : ` Failed step: "${step.summary}"`}`,
      step,
    ),
  locked: () =>
    new RequestError(
      'SCHEMA_LOCKED',
      'The tables are in use, or the schema is being changed. Nothing was changed. Try again.',
      { retryAfterSeconds: 2 },
    ),
  timedOut: () =>
    new RequestError(
      'TIMEOUT',
      'A step in the plan took too long. Nothing was changed. Try again when the database is less busy.',
    ),
} as const;
