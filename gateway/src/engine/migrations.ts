/**
 * The second public module of the engine: turns two models into a migration plan. Also exports the functions that build
 * SQL.
 */
export { projectNames, type ProjectNames } from './migrations/project-names.ts';
export { lineageOf, planMigration } from './migrations/plan-migration.ts';
export { findBadBackfills } from './migrations/find-bad-backfills.ts';
export { findBadKeys } from './migrations/find-bad-keys.ts';
export { findBadRenames } from './migrations/find-bad-renames.ts';
export type { Lineage, MigrationHistory } from './migrations/lineage.ts';
export {
  hazards,
  type Hazard,
  type MigrationPlan,
  type MigrationStep,
} from './migrations/migration-plan.ts';
export { commaList, ident, join, literal, renderStandalone, sql, type Sql } from './sql/sql.ts';
