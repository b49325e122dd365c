/** The engine's second face: two models → a plan of SQL steps with hazards, and SQL as a value to run it with. */
export { projectNames, type ProjectNames } from './migrations/project-names.ts';
export { planMigration } from './migrations/plan-migration.ts';
export {
  hazards,
  type Hazard,
  type MigrationPlan,
  type MigrationStep,
} from './migrations/migration-plan.ts';
export { commaList, ident, join, literal, renderStandalone, sql, type Sql } from './sql/sql.ts';
