import pg from 'pg';

import type { Cancellation } from '../../platform/cancellation.ts';
import type { ProjectApi } from '../../engine/runtime.ts';
import type { Statement, Variables } from '../../engine/runtime.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import { textOf } from '../../engine/runtime.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import type { ExecutableMutation, ExecutableQuery } from './executable-plan.ts';
import type { PlannedOperation } from './prepared-operation.ts';
import { operationErrors } from '../../engine/runtime.ts';
import type { BoundStatement } from '../../engine/runtime.ts';
import { runMutation } from '../../engine/runtime.ts';

export interface OperationEnvironment {
  readonly connections: ProjectConnections;
  readonly names: ProjectNames;
  readonly api: ProjectApi;
  readonly signal: Cancellation;
  /** Ids for new rows. */
  readonly newId: () => string;
}

/**
 * Runs an operation for one project.
 *
 * @returns the JSON of `data`
 * @throws OperationError, and whatever `ProjectConnections.use` throws
 */
export function runOperation(
  { plan, variables, once }: PlannedOperation,
  environment: OperationEnvironment,
): Promise<string> {
  return plan.kind === 'QUERY'
    ? runQuery(plan, variables, once, environment)
    : runMutationPlan(plan, variables, environment);
}

async function runQuery(
  { statement, texts }: ExecutableQuery,
  variables: Variables,
  once: boolean,
  { connections, names, signal }: OperationEnvironment,
): Promise<string> {
  if (statement === null) return texts[0];
  const bound = bind(statement, names.schema, variables, once);
  const [row] = await connections.run(names, bound, signal).catch(explainDataException);
  if (row?.length !== texts.length - 1) throw new Error('A query answers one row.');
  let data = texts[0];
  for (const [index, json] of row.entries()) data += (json ?? 'null') + (texts[index + 1] ?? '');
  return data;
}

/** Such as a sum that no number of its type can hold (class 22: PostgreSQL manual, appendix A). */
function explainDataException(error: unknown): never {
  if (!(error instanceof pg.DatabaseError) || error.code?.startsWith('22') !== true) throw error;
  throw operationErrors.resultOutOfRange({ cause: error });
}

/** @throws OperationError */
function bind(
  { template, parameters }: Statement,
  schema: string,
  variables: Variables,
  once: boolean,
): BoundStatement {
  const values = parameters.map((parameter) => parameter(variables));
  return { text: textOf(template, schema), values, once };
}

function runMutationPlan(
  { plan, introspected }: ExecutableMutation,
  variables: Variables,
  { connections, names, api, signal, newId }: OperationEnvironment,
): Promise<string> {
  const single = { run: (statement: BoundStatement) => connections.run(names, statement, signal) };
  return runMutation(plan, variables, {
    withRunner: (extent, work) =>
      extent === 'ONE_STATEMENT' ? work(single) : connections.lease(names, signal, work),
    schema: names.schema,
    api,
    newId,
    introspect: ({ alias, name }) => introspected.get((alias ?? name).value) ?? 'null',
  });
}
