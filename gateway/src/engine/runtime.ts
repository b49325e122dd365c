/** The third public module of the engine: turns a GraphQL operation into statements, which a `StatementRunner` runs. */
export { accessKey, describedAccess, type ApiAccess, type ModelSet } from './api/access.ts';
export { buildApi } from './api/build-api.ts';
export { introspectionRule, printApi, type ProjectApi } from './api/project-api.ts';
export { operationErrors, OperationError, type InputIssue, type OperationCode } from './errors.ts';
export { projectDocumentLimits } from './limits.ts';
export { runMutation } from './mutations/run-mutation.ts';
export { createNewValues, type NewValues } from './mutations/new-values.ts';
export { compileOperation } from './queries/operation.ts';
export type {
  MutationPlan,
  OperationPlan,
  QueryPlan,
  Statement,
  Variables,
} from './queries/plan.ts';
export { preparePlanKey } from './queries/plan-key.ts';
export { anyProfile, type RuleProfile } from './rules/profile.ts';
export { ruleCostIn } from './rules/rule-cost.ts';
export { profileOf, subjectVariables, type Subject } from './rules/subject.ts';
export { explainMutation } from './rules/explain/explain-mutation.ts';
export { explainReads, type ExplainedQuery } from './rules/explain/explain-reads.ts';
export type { Decision } from './rules/explain/tried-rules.ts';
export { subjectOfUser, type ExplainedCaller } from './rules/explain/explained-caller.ts';
export { ruleTexts } from './rules/explain/rule-texts.ts';
export { isDataException } from './sql/database-error.ts';
export { arrayText, quoteIdentifier } from './sql/quote.ts';
export { textOf } from './sql/sql.ts';
export type { BoundStatement, PgValue, Rows, StatementRunner } from './sql/statement-runner.ts';
