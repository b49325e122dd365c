import { planSchema, type SchemaPlanInput, type SchemaPlanOutput } from '../compute/plan-schema.ts';
import type { Compute } from '../compute/tasks.ts';

/**
 * Reads an SDL and plans the migration to it. Long SDL is read on the compute thread.
 * @throws the errors of `ComputeThread.run`
 */
export type SchemaPlanner = (input: SchemaPlanInput) => Promise<SchemaPlanOutput>;

/** The total number of characters of SDL that are read on the main thread. They take a few milliseconds. */
const maxLengthHere = 4_000;

export function createSchemaPlanner(compute: Compute): SchemaPlanner {
  return async (input) => {
    const length = input.next.length + (input.current?.length ?? 0);
    if (length <= maxLengthHere) return planSchema(input);
    return compute.run('planSchema', { owner: input.names.ref, input });
  };
}
