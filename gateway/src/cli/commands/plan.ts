import type { SdlSource } from '../sdl-file.ts';
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
  return {
    outcome: changes ? 'planned' : 'unchanged',
    project: { ref: project.ref, name: project.name },
    plan,
  };
}
