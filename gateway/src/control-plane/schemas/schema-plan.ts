import { z } from 'zod';

import type { CountedHazard, CountedPublicRows } from '../../data-plane/schema.ts';
import { hazards, type Hazard, type MigrationPlan } from '../../engine/migrations.ts';

const rowCount = z.object({ rows: z.number(), isExact: z.boolean() });

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
  /** The rows that signed-out callers can read. Null unless the step may change which ones. */
  publicRows: z
    .object({ before: rowCount.nullable(), after: rowCount.nullable() })
    .nullable()
    .default(null),
});

const planNote = z.object({
  kind: z.enum(['CLAIM', 'INDEX', 'CASCADE']),
  target: z.string(),
  summary: z.string(),
  directive: z.string().nullable(),
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
  notes: z.array(planNote).default([]),
});

export type SchemaPlan = z.infer<typeof schemaPlan>;
export type SchemaPlanStep = z.infer<typeof planStep>;
export type SchemaPlanNote = z.infer<typeof planNote>;
export type SchemaRenameSuggestion = z.infer<typeof renameSuggestion>;

/** What was counted in the live data for a step. */
export interface CountedStep extends CountedHazard {
  readonly publicRows: CountedPublicRows | null;
}

/**
 * Converts a migration plan to the plan that clients see.
 * @param counted one for each step
 */
export function toSchemaPlan(plan: MigrationPlan, counted: readonly CountedStep[]): SchemaPlan {
  const steps = plan.steps.map(({ kind, target, summary, sql, hazard }, index) => ({
    kind,
    target,
    summary,
    sql: sql.map((statement) => `${statement};`).join('\n'),
    hazard: counted[index]?.hazard ?? hazard,
    affectedRows: counted[index]?.rows ?? null,
    certain: counted[index]?.certain ?? false,
    publicRows: counted[index]?.publicRows ?? null,
  }));
  return {
    hash: plan.hash,
    baseVersion: plan.baseVersion,
    steps,
    hazards: hazardsOf(steps),
    suggestions: plan.suggestions.map((suggestion) => ({ ...suggestion })),
    notes: plan.notes.map((note) => ({ ...note })),
  };
}

function hazardsOf(steps: readonly SchemaPlanStep[]): Hazard[] {
  const present = new Set(steps.map(({ hazard }) => hazard));
  return hazards.filter((hazard) => hazard !== 'NONE' && present.has(hazard));
}
