import {
  findBadBackfills,
  findBadKeys,
  findBadRenames,
  lineageOf,
  planMigration,
  type Lineage,
  type MigrationPlan,
  type ProjectNames,
} from '../../engine/migrations.ts';
import {
  explainBadBackfills,
  explainBadKeys,
  explainBadRenames,
  explainLostUserFields,
  readSdl,
  userSchemaOf,
  type Diagnostic,
  type IssuerReferences,
  type UserSchema,
} from '../../engine/schema.ts';
import { noSchema, projectSchema } from '../projects/project-schema.ts';

export interface SchemaPlanInput {
  /** The SDL of the current version. Null before the first version. */
  readonly current: string | null;
  readonly next: string;
  readonly names: ProjectNames;
  readonly baseVersion: number;
  readonly history: SchemaHistory;
  /** The trusted issuers of the project. */
  readonly issuers: readonly IssuerReferences[];
}

export interface SchemaHistory {
  /** The lineage of the current version, or of the version before `unrecorded`. Null if it is unknown. */
  readonly lineage: Lineage | null;
  /** The number of the last earlier version whose SDL is `next`, or null. */
  readonly restored: number | null;
  /**
   * Consecutive versions up to the current one that have no stored lineage, because an earlier version of Tessera
   * applied them. The first one is the one that `lineage` belongs to, or the first known version.
   */
  readonly unrecorded: readonly { readonly number: number; readonly sdl: string }[];
}

export type SchemaPlanOutput =
  | {
      readonly ok: true;
      readonly plan: MigrationPlan;
      /** Of the next schema. */
      readonly users: UserSchema;
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads an SDL and plans the migration to it. */
export function planSchema({
  current,
  next,
  names,
  baseVersion,
  history,
  issuers,
}: SchemaPlanInput): SchemaPlanOutput {
  const reading = readSdl(next);
  if (!reading.ok) return reading;
  const from = (current === null ? noSchema : projectSchema(current)).model();
  const versions = history.unrecorded.map(({ number, sdl }) => ({
    number,
    model: projectSchema(sdl).model(),
  }));
  const known = {
    lineage: lineageOf(versions, history.lineage),
    restored: history.restored,
  };
  const users = userSchemaOf(reading.model);
  const diagnostics = [
    ...explainBadRenames(next, findBadRenames(from, reading.model, known)),
    ...explainBadKeys(next, findBadKeys(from, reading.model, known)),
    ...explainBadBackfills(next, findBadBackfills(reading.model)),
    ...explainLostUserFields(next, users, issuers),
  ];
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const plan = planMigration(from, reading.model, {
    project: names,
    baseVersion,
    history: known,
    issuers,
  });
  return { ok: true, plan, users };
}
