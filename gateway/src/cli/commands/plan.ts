import type { SdlSource } from '../sdl-file.ts';
import { acceptFlag } from './accept-flag.ts';
import type { CommandContext } from './command-context.ts';
import { makePlan } from './make-plan.ts';
import type { Outcome } from './outcome.ts';

/** `tessera schema plan`: shows what an apply would do, and changes nothing. */
export async function planSchema(
  context: CommandContext,
  source: SdlSource,
  options: { readonly sql: boolean },
): Promise<Outcome> {
  const { project, plan, changes } = await makePlan(context, source, options);
  if (plan.hazards.length > 0) context.tell(`Apply it with ${acceptFlag(plan.hazards)}\n`);
  return {
    outcome: changes ? 'planned' : 'unchanged',
    project: { ref: project.ref, name: project.name },
    plan,
  };
}
