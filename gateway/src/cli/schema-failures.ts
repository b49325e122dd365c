import { CliError } from './cli-error.ts';
import type { Diagnostic, Hazard, SchemaPlan } from './gateway/schema-api.ts';
import type { SdlSource } from './sdl-file.ts';

/** The SDL has errors. The positions in `diagnostics` refer to `source`. */
export class InvalidSchemaFailure extends CliError {
  override readonly name = 'InvalidSchemaFailure';
  readonly source: SdlSource;
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, source: SdlSource, diagnostics: readonly Diagnostic[]) {
    super('INVALID_SCHEMA', message);
    this.source = source;
    this.diagnostics = diagnostics;
  }
}

/** Nothing was applied because `plan` has hazards that were not accepted. */
export class HazardFailure extends CliError {
  override readonly name = 'HazardFailure';
  readonly plan: SchemaPlan;
  /** The hazards that must be accepted. */
  readonly hazards: readonly Hazard[];

  constructor(
    code: string,
    message: string,
    { plan, hazards, hint }: { plan: SchemaPlan; hazards: readonly Hazard[]; hint: string },
  ) {
    super(code, message, { hint });
    this.plan = plan;
    this.hazards = hazards;
  }
}

/** Nothing was applied because the schema has changed since the plan was made. `plan` is the new plan. */
export class StalePlanFailure extends CliError {
  override readonly name = 'StalePlanFailure';
  readonly plan: SchemaPlan;

  constructor(code: string, message: string, plan: SchemaPlan) {
    super(code, message, { hint: 'Review the new plan above, then apply again.' });
    this.plan = plan;
  }
}
