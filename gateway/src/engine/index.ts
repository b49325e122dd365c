/** The engine's only face: what stands outside of `engine/` imports from here and nowhere deeper. */
export { readSdl, type SdlReading } from './sdl/read-sdl.ts';
export type { Diagnostic, DiagnosticCode } from './sdl/diagnostics.ts';
export type { Model } from './sdl/model.ts';
export { limits as sdlLimits } from './sdl/limits.ts';

export { projectNames, type ProjectNames } from './migrate/project-names.ts';
export { planMigration, type PlanContext } from './migrate/plan/plan-migration.ts';
export {
  hazards,
  type Hazard,
  type MigrationPlan,
  type PlanStep,
  type StepKind,
} from './migrate/plan/migration-plan.ts';

export type { SqlClient } from './migrate/apply/sql-client.ts';
export { applyInTransaction, applyPlan, type ApplyOptions } from './migrate/apply/apply-plan.ts';
export { countHazards } from './migrate/apply/count-hazards.ts';
export { MigrationError, type MigrationErrorCode } from './migrate/apply/migration-error.ts';
export { createProjectSchema, dropProjectSchema } from './migrate/apply/project-schema.ts';
export { closePrivileges, findOpenPrivileges } from './migrate/apply/database-privileges.ts';
export { introspect } from './migrate/apply/introspect.ts';
export { catalogOf } from './migrate/catalog/catalog-of.ts';
export type { CatalogSnapshot } from './migrate/catalog/catalog.ts';
