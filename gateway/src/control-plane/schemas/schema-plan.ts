import { z } from 'zod';

import { hazards, type Hazard, type MigrationPlan } from '../../engine/migrations.ts';

const planStep = z.object({
  kind: z.string(),
  /** A type or field in the SDL: `Issue`, `Issue.title`. */
  target: z.string(),
  summary: z.string(),
  /** The statements, one per line, each ending with a semicolon. */
  sql: z.string(),
  hazard: z.enum(hazards),
  /** The number of rows that the hazard affects, counted when the plan was created. Null if there is no hazard. */
  affectedRows: z.number().nullable(),
});

/** A migration plan as it is shown to clients, accepted and stored. */
export const schemaPlan = z.object({
  hash: z.string(),
  /** The number of the version that the plan starts from, or 0 if no schema has been applied yet. */
  baseVersion: z.number(),
  steps: z.array(planStep),
  /** The hazards that must be accepted, without duplicates, from the least to the most severe. */
  hazards: z.array(z.enum(hazards)),
});

export type SchemaPlan = z.infer<typeof schemaPlan>;
export type SchemaPlanStep = z.infer<typeof planStep>;

/**
 * Converts a migration plan to the plan that clients see.
 * @param counts the result of `countHazards`, one for each step
 */
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
