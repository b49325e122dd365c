import { planMigration, type MigrationPlan, type ProjectNames } from '../../engine/migrations.ts';
import { readSdl, type Diagnostic } from '../../engine/schema.ts';
import { projectSchema } from '../projects/project-schema.ts';

export interface SchemaPlanInput {
  /** The SDL of the current version. Null before the first version. */
  readonly current: string | null;
  readonly next: string;
  readonly names: ProjectNames;
  readonly baseVersion: number;
}

export type SchemaPlanOutput =
  | { readonly ok: true; readonly plan: MigrationPlan }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads an SDL and plans the migration to it. */
export function planSchema({
  current,
  next,
  names,
  baseVersion,
}: SchemaPlanInput): SchemaPlanOutput {
  const reading = readSdl(next);
  if (!reading.ok) return reading;
  const from = current === null ? null : projectSchema(current).model();
  return { ok: true, plan: planMigration(from, reading.model, { project: names, baseVersion }) };
}
