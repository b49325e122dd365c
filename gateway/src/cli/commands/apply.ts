import { CliError } from '../cli-error.ts';
import type { ApplyResult, Hazard, SchemaPlan } from '../gateway/schema-api.ts';
import { HazardFailure, InvalidSchemaFailure, StalePlanFailure } from '../schema-failures.ts';
import type { SdlSource } from '../sdl-file.ts';
import type { ApplyOptions } from '../program.ts';
import type { CommandContext, Outcome } from './command.ts';
import { applyAdvice, makePlan } from './plan.ts';

/**
 * `tessera schema apply`: shows the plan and applies exactly that plan, with `--plan` only if it is the reviewed plan. Nothing is applied if the schema has changed in
 * the meantime, or if the plan has a hazard that was not accepted.
 */
export async function applySchema(
  context: CommandContext,
  source: SdlSource,
  { accept = [], plan: reviewed, ...options }: ApplyOptions,
): Promise<Outcome> {
  const { project, plan, changes } = await makePlan(context, source, options);
  if (reviewed !== undefined && reviewed !== plan.hash) {
    throw new StalePlanFailure(
      'STALE_PLAN',
      'The plan differs from the one with the hash that you passed. Nothing was applied.',
      plan,
    );
  }
  const { ref, name } = project;
  if (!changes) return { outcome: 'unchanged', project: { ref, name }, plan };
  const result = await context.api
    .apply({ projectRef: ref, sdl: source.sdl, planHash: plan.hash, acceptHazards: accept })
    .catch((error: unknown) => {
      throw withUnknownEnd(error);
    });
  if (result.__typename !== 'ApplySchemaSuccess') throw refusal(result, source, accept);
  const { schemaVersion } = result;
  context.tell(`Applied as version ${schemaVersion.number}.\n`);
  return { outcome: 'applied', project: { ref, name }, plan, schemaVersion };
}

function refusal(
  result: Exclude<ApplyResult, { __typename: 'ApplySchemaSuccess' }>,
  source: SdlSource,
  accepted: readonly Hazard[],
): CliError {
  switch (result.__typename) {
    case 'HazardNotAcceptedError':
      return unaccepted(result.code, result.message, result.plan, [
        ...new Set([...accepted, ...result.hazards]),
      ]);
    case 'StalePlanError':
      return new StalePlanFailure(result.code, result.message, result.plan);
    case 'InvalidSchemaError':
      return new InvalidSchemaFailure(result.message, source, result.diagnostics);
  }
}

function unaccepted(
  code: string,
  message: string,
  plan: SchemaPlan,
  hazards: readonly Hazard[],
): HazardFailure {
  return new HazardFailure(code, message, { plan, hazards, hint: applyAdvice(plan, hazards) });
}

const noAnswer = ['NO_ANSWER', 'CONNECTION_LOST', 'CONNECTION_FAILED'];

/**
 * If no response arrived, replaces the error's hint, because the gateway might have applied the plan anyway. Returns
 * any other error unchanged.
 */
function withUnknownEnd(error: unknown): unknown {
  if (!(error instanceof CliError) || !noAnswer.includes(error.code)) return error;
  return new CliError(error.code, error.message, {
    hint: 'It is unknown whether the plan was applied. Run `tessera schema plan` to find out.',
    cause: error,
  });
}
