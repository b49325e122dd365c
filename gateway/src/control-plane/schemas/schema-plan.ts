import { z } from 'zod';

import type { CountedHazard } from '../../data-plane/schema.ts';
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
  /** Whether all rows violate the new rule. Versions that were applied earlier do not have this property. */
  certain: z.boolean().default(false),
});

const renameSuggestion = z.object({
  target: z.string(),
  from: z.string(),
  directive: z.string(),
  summary: z.string(),
});

/** A migration plan as it is shown to clients, accepted and stored. */
export const schemaPlan = z.object({
  hash: z.string(),
  /** The number of the version that the plan starts from, or 0 if no schema has been applied yet. */
  baseVersion: z.number(),
  steps: z.array(planStep),
  /** The hazards that must be accepted, without duplicates, from the least to the most severe. */
  hazards: z.array(z.enum(hazards)),
  suggestions: z.array(renameSuggestion).default([]),
});

export type SchemaPlan = z.infer<typeof schemaPlan>;
export type SchemaPlanStep = z.infer<typeof planStep>;
export type SchemaRenameSuggestion = z.infer<typeof renameSuggestion>;

/**
 * Converts a migration plan to the plan that clients see.
 * @param counted the result of `countHazards`, one for each step
 */
export function toSchemaPlan(plan: MigrationPlan, counted: readonly CountedHazard[]): SchemaPlan {
  const steps = plan.steps.map(({ kind, target, summary, sql, hazard }, index) => ({
    kind,
    target,
    summary,
    sql: sql.map((statement) => `${statement};`).join('\n'),
    hazard: counted[index]?.hazard ?? hazard,
    affectedRows: counted[index]?.rows ?? null,
    certain: counted[index]?.certain ?? false,
  }));
  return {
    hash: plan.hash,
    baseVersion: plan.baseVersion,
    steps,
    hazards: hazardsOf(steps),
    suggestions: plan.suggestions.map((suggestion) => ({ ...suggestion })),
  };
}

function hazardsOf(steps: readonly SchemaPlanStep[]): Hazard[] {
  const present = new Set(steps.map(({ hazard }) => hazard));
  return hazards.filter((hazard) => hazard !== 'NONE' && present.has(hazard));
}
