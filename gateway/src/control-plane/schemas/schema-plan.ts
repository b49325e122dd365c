import { z } from 'zod';

import { hazards, type Hazard, type MigrationPlan } from '../../engine/migrations.ts';

const planStep = z.object({
  kind: z.string(),
  /** In the words of the SDL: `Issue`, `Issue.title`. */
  target: z.string(),
  summary: z.string(),
  /** Statements, each with a semicolon, one below the other. */
  sql: z.string(),
  hazard: z.enum(hazards),
  /** Rows that the hazard concerns when the plan was made; null where there is none. */
  affectedRows: z.number().nullable(),
});

/** A plan as it is shown, accepted and kept. */
export const schemaPlan = z.object({
  hash: z.string(),
  /** The number of the version that it starts from; 0 where there is none. */
  baseVersion: z.number(),
  steps: z.array(planStep),
  /** All that have to be accepted, each once, from harmless to worst. */
  hazards: z.array(z.enum(hazards)),
});

export type SchemaPlan = z.infer<typeof schemaPlan>;
export type SchemaPlanStep = z.infer<typeof planStep>;

/** @param counts of `countHazards`, one for each step */
export function toSchemaPlan(plan: MigrationPlan, counts: readonly (number | null)[]): SchemaPlan {
  return {
    hash: plan.hash,
    baseVersion: plan.baseVersion,
    steps: plan.steps.map(({ kind, target, summary, sql, hazard }, index) => ({
      kind,
      target,
      summary,
      sql: sql.map((statement) => `${statement};`).join('\n'),
      hazard,
      affectedRows: counts[index] ?? null,
    })),
    hazards: hazardsOf(plan),
  };
}

function hazardsOf({ steps }: MigrationPlan): Hazard[] {
  const present = new Set(steps.map(({ hazard }) => hazard));
  return hazards.filter((hazard) => hazard !== 'NONE' && present.has(hazard));
}
