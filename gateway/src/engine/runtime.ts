/** The engine's third face: a GraphQL operation → statements, which run through a `StatementRunner`. */
export { accessKey, type ApiAccess, type ModelSet } from './api/access.ts';
export { buildApi } from './api/build-api.ts';
export { introspectionRule } from './api/introspection-rule.ts';
export { printApi } from './api/print-api.ts';
export type { ProjectApi } from './api/project-api.ts';
export { operationErrors, OperationError, type InputIssue, type OperationCode } from './errors.ts';
export { contentHash } from './migrations/hash.ts';
export { runMutation } from './mutations/run-mutation.ts';
export { createUuidV7 } from './mutations/uuid-v7.ts';
export { arrayText } from './queries/array-text.ts';
export { projectDocumentLimits } from './queries/document-limits.ts';
export { compileOperation } from './queries/operation.ts';
export type { MutationPlan, OperationPlan, QueryPlan } from './queries/plan.ts';
export { prepareShape } from './queries/shape.ts';
export type { PgValue, Statement, Variables } from './queries/statement.ts';
export { quoteIdentifier } from './sql/quote.ts';
export { textOf } from './sql/sql.ts';
export type { BoundStatement, Rows, StatementRunner } from './sql/statement-runner.ts';
