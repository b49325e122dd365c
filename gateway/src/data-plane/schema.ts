/** PostgreSQL schemas of projects: created and dropped, changed by plans, closed to every other role. */
export { applyInTransaction } from './schema/apply-plan.ts';
export { countHazards } from './schema/count-hazards.ts';
export { closePrivileges, findOpenPrivileges } from './schema/database-privileges.ts';
export { SchemaChangeError } from './schema/schema-change-error.ts';
export { createProjectSchema, dropProjectSchema } from './schema/project-schema.ts';
