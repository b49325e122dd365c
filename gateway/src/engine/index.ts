/** The engine's only face: what stands outside of `engine/` imports from here and nowhere deeper. */
export { readSdl } from './sdl/read-sdl.ts';
export type { Diagnostic } from './sdl/diagnostics.ts';
export type { Model } from './sdl/model.ts';

export type { ApiAccess } from './api/access.ts';
export { InputError } from './compile/input-error.ts';
export { RequestError } from './execute/request-error.ts';

export { projectNames, type ProjectNames } from './migrate/project-names.ts';
export { planMigration } from './migrate/plan/plan-migration.ts';
export { hazards, type Hazard, type MigrationPlan } from './migrate/plan/migration-plan.ts';

export type { SqlClient } from './migrate/apply/sql-client.ts';
export { applyInTransaction, applyPlan } from './migrate/apply/apply-plan.ts';
export { countHazards } from './migrate/apply/count-hazards.ts';
export { MigrationError } from './migrate/apply/migration-error.ts';
export { createProjectSchema, dropProjectSchema } from './migrate/apply/project-schema.ts';
export { closePrivileges, findOpenPrivileges } from './migrate/apply/database-privileges.ts';
export { introspect } from './migrate/apply/introspect.ts';
export { catalogOf } from './migrate/catalog/catalog-of.ts';

export {
  createProjectConnections,
  type ProjectConnections,
} from './execute/connections/project-connections.ts';
export { createProjectEngine, type ProjectEngine } from './execute/project-engine.ts';
