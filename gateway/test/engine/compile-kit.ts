import { readFileSync } from 'node:fs';
import { getVariableValues, parse, validate, type DocumentNode } from 'graphql';
import { buildApi } from '../../src/engine/api/build-api.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import { OperationError, type InputIssue } from '../../src/engine/errors.ts';
import { operationOf } from '../../src/engine/queries/selection.ts';
import { compileOperation } from '../../src/engine/queries/operation.ts';
import type { Statement, Variables } from '../../src/engine/queries/plan.ts';
import type { PgValue } from '../../src/engine/sql/statement-runner.ts';
import { readModel } from './project.ts';

export const trackerSdl = readFileSync(
  new URL('../examples/tracker.graphql', import.meta.url),
  'utf8',
);

export const trackerApi: ProjectApi = buildApi(readModel(trackerSdl), {
  read: 'ALL',
  write: 'ALL',
  introspect: true,
  rules: null,
});

/** Parses and validates a document and coerces its variables. */
export function readRequest(
  { schema }: ProjectApi,
  text: string,
  given: Variables,
): { readonly document: DocumentNode; readonly variables: Variables } {
  const document = parse(text);
  const problems = validate(schema, document);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const definitions = operationOf(document, null).variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, given);
  if (coerced === undefined) throw new Error(errors.join('\n'));
  return { document, variables: coerced };
}

/** Compiles a query and binds its parameters. @throws OperationError */
export function compileQuery(
  api: ProjectApi,
  text: string,
  given: Variables = {},
): { readonly statement: Statement; readonly values: readonly PgValue[] } {
  const { document, variables } = readRequest(api, text, given);
  const plan = compileOperation({ api, document, operationName: null, variables });
  if (plan.kind !== 'QUERY' || plan.statement === null)
    throw new Error('The query selects no data.');
  const { statement } = plan;
  return { statement, values: statement.parameters.map((parameter) => parameter(variables)) };
}

/** Returns the problems with a query's arguments. Empty if the arguments are valid. */
export function issuesOf(
  api: ProjectApi,
  text: string,
  given: Variables = {},
): readonly InputIssue[] {
  try {
    compileQuery(api, text, given);
    return [];
  } catch (error) {
    if (error instanceof OperationError) return error.issues ?? [];
    throw error;
  }
}
