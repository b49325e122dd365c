import { GraphQLError, type FieldNode } from 'graphql';
import type { ProjectApi } from '../api/project-api.ts';
import { atPath, isOperationError, operationErrors, type InputIssue } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import type { MutationField, MutationPlan, RootAnswer, Variables } from '../queries/plan.ts';
import type { Reference, RowBudget } from './draft.ts';
import { isOneStatement, planWrite, type WritePlan } from './plan-write.ts';
import type { StatementRunner } from '../sql/statement-runner.ts';
import { writeError } from './violations.ts';
import { runCreate } from './run-create.ts';
import { runDelete } from './run-delete.ts';
import { runUpdateMany, runUpdateOne } from './run-update.ts';
import { runUpsert } from './run-upsert.ts';
import { UpsertRace } from './upsert-race.ts';
import { WriteSession } from './write-session.ts';

export interface MutationEnvironment {
  /** Gives `work` what runs its statements: one by itself, or several on one connection. */
  readonly withRunner: <T>(
    extent: 'ONE_STATEMENT' | 'TRANSACTION',
    work: (runner: StatementRunner) => Promise<T>,
  ) => Promise<T>;
  /** Of the project: `p_…`. */
  readonly schema: string;
  readonly api: ProjectApi;
  /** Ids for new rows, each greater than the one before: see `createUuidV7`. */
  readonly newId: () => string;
  /** The JSON of an introspection field. */
  readonly introspect: (node: FieldNode) => string;
}

/** So often is a request tried whose upsert meets others. */
const maxAttempts = 3;

/**
 * Runs a mutation, all or nothing: as one statement, or as several in one transaction. Everything that the request
 * says is checked before any of it runs.
 *
 * @returns the JSON of `data`
 * @throws OperationError with the response key of the root field that failed as its path
 * @throws whatever else the runner throws
 */
export async function runMutation(
  plan: MutationPlan,
  variables: Variables,
  environment: MutationEnvironment,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const writes = planWrites(plan, variables, environment);
    try {
      return await attemptMutation(plan, writes, variables, environment);
    } catch (error) {
      if (!(error instanceof UpsertRace)) throw error;
      if (attempt === maxAttempts) throw error.cause;
    }
  }
}

type Writes = ReadonlyMap<MutationField, WritePlan>;

/** @throws OperationError `BAD_USER_INPUT` with everything that is wrong in any root field */
function planWrites(
  { fields }: MutationPlan,
  variables: Variables,
  { api, newId }: MutationEnvironment,
): Writes {
  const budget: RowBudget = { rowsLeft: requestLimits.writtenRows };
  const issues: InputIssue[] = [];
  const context = { index: api.index, newId, budget, issues };
  const writes = new Map<MutationField, WritePlan>();
  for (const field of fields) {
    if (field.kind !== 'WRITE') continue;
    try {
      writes.set(field, planWrite(field, variables, context));
    } catch (error) {
      throw ofField(error, field);
    }
  }
  const [first, ...more] = issues;
  if (first === undefined) return writes;
  throw operationErrors.invalidInput([first, ...more], { path: first.path.slice(0, 1) });
}

function attemptMutation(
  { fields }: MutationPlan,
  writes: Writes,
  variables: Variables,
  environment: MutationEnvironment,
): Promise<string> {
  const runFields = async (runner: StatementRunner): Promise<string> => {
    const members: string[] = [];
    for (const field of fields) {
      const write = field.kind === 'WRITE' ? writes.get(field) : undefined;
      const json =
        field.kind === 'WRITE'
          ? await runField(field, write, variables, { ...environment, runner })
          : rootAnswer(field, environment);
      members.push(`${JSON.stringify(field.responseKey)}:${json}`);
    }
    return `{${members.join()}}`;
  };
  const plans = [...writes.values()];
  return plans.length > 1 || plans.some((plan) => !isOneStatement(plan))
    ? environment.withRunner('TRANSACTION', (runner) => inTransaction(runner, runFields))
    : environment.withRunner('ONE_STATEMENT', runFields);
}

async function inTransaction<T>(
  runner: StatementRunner,
  work: (runner: StatementRunner) => Promise<T>,
): Promise<T> {
  await runner.run(begin);
  try {
    const result = await work(runner);
    await runner.run(commit);
    return result;
  } catch (error) {
    // Where this fails too, the connection is of no more use, and whoever gave it closes it.
    await runner.run(rollback).catch(() => undefined);
    throw error;
  }
}

const begin = { text: 'BEGIN', values: [] };
const commit = { text: 'COMMIT', values: [] };
const rollback = { text: 'ROLLBACK', values: [] };

function rootAnswer(answer: RootAnswer, { introspect }: MutationEnvironment): string {
  switch (answer.kind) {
    case 'CONSTANT':
      return answer.json;
    case 'INTROSPECTION':
      return introspect(answer.node);
  }
}

async function runField(
  field: MutationField,
  write: WritePlan | undefined,
  variables: Variables,
  { api, runner, schema }: MutationEnvironment & { readonly runner: StatementRunner },
): Promise<string> {
  if (write === undefined) throw new Error('Every write was planned.');
  const session = new WriteSession(field, variables, { api, runner, schema });
  try {
    return await runWrite(session, write);
  } catch (error) {
    if (error instanceof UpsertRace) {
      throw new UpsertRace(translate(error.cause, field, write, api));
    }
    throw translate(error, field, write, api);
  }
}

function runWrite(session: WriteSession, plan: WritePlan): Promise<string> {
  switch (plan.kind) {
    case 'CREATE':
      return runCreate(session, plan);
    case 'UPDATE':
      return plan.atMost === null
        ? runUpdateOne(session, plan)
        : runUpdateMany(session, plan, plan.atMost);
    case 'UPSERT':
      return runUpsert(session, plan);
    case 'DELETE':
      return runDelete(session, plan);
  }
}

function translate(
  error: unknown,
  field: MutationField,
  plan: WritePlan,
  api: ProjectApi,
): unknown {
  const known = writeError(error, {
    api,
    type: field.type.name,
    deletes: plan.kind === 'DELETE',
    references: referencesOf(plan),
    path: [field.responseKey],
  });
  return known ?? ofField(error, field);
}

function referencesOf(plan: WritePlan): readonly Reference[] {
  switch (plan.kind) {
    case 'CREATE':
    case 'UPDATE':
      return plan.reading.references;
    case 'UPSERT':
      return [...plan.create.reading.references, ...plan.update.reading.references];
    case 'DELETE':
      return [];
  }
}

/** Input that is refused while it is read or bound, such as a null that a variable brings, is of its root field. */
function ofField(error: unknown, { responseKey }: MutationField): unknown {
  const path = [responseKey];
  if (isOperationError(error)) {
    return error.path === undefined ? atPath(error, path) : error;
  }
  if (error instanceof GraphQLError) {
    return operationErrors.invalidInput([{ path, message: error.message }], { path, cause: error });
  }
  return error;
}
