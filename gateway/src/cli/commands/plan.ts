import { hazards, type Hazard, type Project, type SchemaPlan } from '../gateway/schema-api.ts';
import type { PlanOptions } from '../program.ts';
import { planText, violatingRows } from '../render/plan-text.ts';
import { printable } from '../render/terminal.ts';
import { InvalidSchemaFailure } from '../schema-failures.ts';
import type { SdlSource } from '../sdl-file.ts';
import type { CommandContext, Outcome } from './command.ts';

/** `tessera schema plan`: shows the migration plan without applying it. */
export async function planSchema(
  context: CommandContext,
  source: SdlSource,
  options: PlanOptions,
): Promise<Outcome> {
  const { project, plan, changes } = await makePlan(context, source, options);
  if (changes) context.tell(`Hash of this plan, for apply --plan: ${plan.hash}\n`);
  if (plan.hazards.length > 0) context.tell(`${applyAdvice(plan, plan.hazards)}\n`);
  return {
    outcome: changes ? 'planned' : 'unchanged',
    project: { ref: project.ref, name: project.name },
    plan,
  };
}

interface MadePlan {
  readonly project: Project;
  readonly plan: SchemaPlan;
  /**
   * Whether applying the plan would change anything. A schema change that affects no table can still change the
   * project's API: for example, a new plural, page size or description.
   */
  readonly changes: boolean;
}

/**
 * Requests the plan and prints it.
 * @throws InvalidSchemaFailure, CliError
 */
export async function makePlan(
  { api, tell, paint }: CommandContext,
  source: SdlSource,
  { sql = false }: PlanOptions,
): Promise<MadePlan> {
  const project = await api.project();
  const result = await api.plan(project.ref, source.sdl);
  if (result.__typename === 'InvalidSchemaError') {
    throw new InvalidSchemaFailure(result.message, source, result.diagnostics);
  }
  const { plan } = result;
  const changes = plan.steps.length > 0 || project.schema?.sdl !== source.sdl;
  tell(`${paint('bold', printable(project.name))} (${project.ref}): ${startOf(plan)}\n\n`);
  if (plan.steps.length > 0) tell(`${planText(plan, paint, { sql })}\n`);
  tell(`${summary(plan, changes)}\n`);
  return { project, plan, changes };
}

const startOf = ({ baseVersion }: SchemaPlan): string =>
  baseVersion === 0 ? 'no schema yet' : `version ${baseVersion}`;

function summary({ steps }: SchemaPlan, changes: boolean): string {
  if (!changes) return 'No changes.';
  if (steps.length === 0) {
    return 'Only the SDL changes, not the tables. Applying it creates a new version.';
  }
  return steps.length === 1 ? '1 step.' : `${steps.length} steps.`;
}

/**
 * Explains how to apply a plan with hazards: the command that accepts them, with the most severe hazard first. If
 * existing rows would make a step fail, no command is shown, because the plan cannot be applied even if MAY_FAIL is
 * accepted.
 */
export function applyAdvice({ steps }: SchemaPlan, accepted: readonly Hazard[]): string {
  const violated = steps.filter((step) => violatingRows(step) > 0);
  if (violated.length > 0) {
    const what = violated.length === 1 ? 'a step' : `${violated.length} steps`;
    return `Existing rows prevent ${what}. Correct the rows or the schema, then plan again.`;
  }
  const flag = hazards.filter((hazard) => accepted.includes(hazard)).join(',');
  return `To apply: tessera schema apply --accept ${flag}`;
}
