/** Functions that plan, create, migrate and delete projects' PostgreSQL schemas and restrict their roles' privileges. */
export { applyInTransaction } from './schema/apply-plan.ts';
export { countHazards, type CountedHazard } from './schema/count-hazards.ts';
export {
  countPublicRows,
  type CountedPublicRows,
  type RowCount,
} from './schema/count-public-rows.ts';
export { closePrivileges, findOpenPrivileges } from './schema/database-privileges.ts';
export { SchemaChangeError } from './schema/schema-change-error.ts';
export { findIncompleteRoles, restoreProjectRole } from './schema/project-role.ts';
export { createProjectSchema, droppableRoles, dropProjectSchema } from './schema/project-schema.ts';
export type { SchemaHistory } from './compute/plan-schema.ts';
export { createRightsReader, type RightsReader } from './schema/rights-reader.ts';
export { createUserSchemas, type UserSchemas } from './schema/user-schemas.ts';
export { createSchemaPlanner, type SchemaPlanner } from './schema/schema-planner.ts';
