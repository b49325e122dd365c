import { GraphQLError, type FieldNode } from 'graphql';
import { asciiBytes, bytesOf, ByteList } from '../../platform/bytes.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { ApiAccess } from '../api/access.ts';
import type { ProjectApi } from '../api/project-api.ts';
import { atPath, isOperationError, operationErrors } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import type { MutationField, MutationPlan, RootAnswer, Variables } from '../queries/plan.ts';
import type { Decision } from '../rules/explain/tried-rules.ts';
import type { StatementRunner } from '../sql/statement-runner.ts';
import type { Reference } from './draft.ts';
import { createdRows, type RowsByTable } from './created-rows.ts';
import { lockNamedRows } from './lock-order.ts';
import { RequestInput, type RowLimits } from './input-reader.ts';
import type { NewValues } from './new-values.ts';
import { Presets } from './presets.ts';
import { runRuledWrite } from './ruled/run-ruled-write.ts';
import { isOneStatement, planWrite, type WritePlan } from './plan-write.ts';
import { runWrite, UpsertRace } from './run-write.ts';
import { explainWriteError, isTooLongValue } from './violations.ts';
import { WriteSession, type Extent } from './write-session.ts';

export interface MutationEnvironment {
  /**
   * Calls `work` with a runner for a single statement, or for several statements on the same connection. The rows of a
   * single statement have at most about a megabyte. If the runner refuses rows of a transaction, the mutation is rolled
   * back.
   */
  readonly withRunner: <T>(
    extent: Extent,
    work: (runner: StatementRunner) => Promise<T>,
  ) => Promise<T>;
  /** The name of the project's schema: `p_…`. */
  readonly schema: string;
  readonly api: ProjectApi;
  /** Whether the project has reached its maximum size. Only deletions are then possible. @default false */
  readonly isFull?: boolean;
  readonly newValues: NewValues;
  /** If given, the access rules that decide about the written rows are added, also if the mutation fails. */
  readonly decisions?: Decision[] | undefined;
  /** Returns the result of an introspection field as JSON. */
  readonly introspect: (node: FieldNode) => string;
}

/** The maximum number of attempts if an upsert conflicts with a concurrent insert. */
const maxAttempts = 3;

/**
 * Runs a mutation atomically: as a single statement, or as several statements in one transaction.
 *
 * 1. `plan-write.ts` reads the arguments of each root field into a write plan (`create-input.ts`, `update-input.ts`).
 *    All input is checked before any statement runs.
 * 2. `run-write.ts` runs the statements of the plan (`statements/`) and returns the result.
 * 3. `violations.ts` translates PostgreSQL errors into API errors.
 *
 * @returns the JSON for `data`
 * @throws OperationError, whose path is the response key of the root field that failed
 * @throws any other error of the runner
 */
export async function runMutation(
  plan: MutationPlan,
  variables: Variables,
  environment: MutationEnvironment,
): Promise<ByteList> {
  let isLong = false;
  for (let attempt = 1; ; attempt += 1) {
    const writes = planWrites(plan, variables, environment);
    if (environment.isFull === true) requireDeletions(writes);
    const extent = isLong ? 'TRANSACTION' : extentOf(environment.api, writes);
    try {
      return await attemptMutation(plan, { writes, extent }, variables, environment);
    } catch (error) {
      if (error instanceof LongAnswer) {
        isLong = true;
        continue;
      }
      if (!(error instanceof UpsertRace)) throw error;
      if (attempt === maxAttempts) throw error.cause;
    }
  }
}

function rowLimits({ rules }: ApiAccess): RowLimits {
  if (rules === null) return requestLimits;
  const { publicRows, namedRows, atMost } = requestLimits;
  return rules.audience === 'PUBLIC'
    ? { namedRows: publicRows, atMost: publicRows, atMostCounted: publicRows }
    : { namedRows, atMost, atMostCounted: atMost };
}

/** The result of a single statement is too long to be sent without a check of its length. Nothing was changed. */
class LongAnswer extends Error {
  override readonly name = 'LongAnswer';
}

type Writes = ReadonlyMap<MutationField, WritePlan>;

/** Rules are checked by statements of their own, so such a write is always a transaction. */
function extentOf({ access: { rules } }: ProjectApi, writes: Writes): Extent {
  const plans = [...writes.values()];
  return rules !== null || plans.length > 1 || plans.some((plan) => !isOneStatement(plan))
    ? 'TRANSACTION'
    : 'ONE_STATEMENT';
}

/** @throws OperationError `STORAGE_FULL` if there is a write that is not a deletion */
function requireDeletions(writes: Writes): void {
  for (const [{ responseKey }, { kind }] of writes) {
    if (kind !== 'DELETE') throw operationErrors.storageFull({ path: [responseKey] });
  }
}

/** @throws OperationError `BAD_USER_INPUT`, which contains the issues of all root fields */
function planWrites(
  { fields }: MutationPlan,
  variables: Variables,
  { api, newValues }: MutationEnvironment,
): Writes {
  const { index, access } = api;
  const request = new RequestInput(rowLimits(access));
  const presets = access.rules === null ? null : new Presets(index, variables, access.rules);
  const context = { index, newValues, request, presets };
  const writes = new Map<MutationField, WritePlan>();
  for (const field of fields) {
    if (field.kind !== 'WRITE') continue;
    try {
      writes.set(field, planWrite(field, variables, context));
    } catch (error) {
      throw ofField(error, field);
    }
  }
  const { issues } = request;
  const [first, ...more] = issues;
  if (first === undefined) return writes;
  throw operationErrors.invalidInput([first, ...more], { path: first.path.slice(0, 1) });
}

function attemptMutation(
  { fields }: MutationPlan,
  { writes, extent }: { readonly writes: Writes; readonly extent: Extent },
  variables: Variables,
  environment: MutationEnvironment,
): Promise<ByteList> {
  const { api, schema, decisions } = environment;
  const runFields = async (runner: StatementRunner): Promise<ByteList> => {
    const data = new ByteList().add(objectStart);
    let separator = '';
    const sessionOf = (field: MutationField) =>
      new WriteSession(field, variables, { api, schema, runner, extent, decisions });
    const [first] = writes.keys();
    // With rules, rows that a caller must not change are not locked.
    if (first !== undefined && writes.size > 1 && api.access.rules === null) {
      await lockNamedRows(sessionOf(first), writes);
    }
    for (const field of fields) {
      // A response key is a Name, which is ASCII.
      data.add(asciiBytes(`${separator}"${field.responseKey}":`));
      separator = ',';
      if (field.kind === 'WRITE') {
        data.addAll(await runField(sessionOf(field), writes.get(field)));
      } else {
        data.add(bytesOf(rootAnswer(field, environment)));
      }
    }
    return data.add(objectEnd);
  };
  return environment.withRunner(
    extent,
    extent === 'TRANSACTION' ? (runner) => inTransaction(runner, runFields) : runFields,
  );
}

const objectStart = asciiBytes('{');
const objectEnd = asciiBytes('}');

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
    // If ROLLBACK also fails, the connection is broken, and its owner closes it.
    await runner.run(rollback).catch(() => undefined);
    throw error;
  }
}

const begin = { text: 'BEGIN', values: [] };
const commit = { text: 'COMMIT', values: [], commits: true };
const rollback = { text: 'ROLLBACK', values: [] };

function rootAnswer(answer: RootAnswer, { introspect }: MutationEnvironment): string {
  switch (answer.kind) {
    case 'CONSTANT':
      return answer.json;
    case 'INTROSPECTION':
      return introspect(answer.node);
    default:
      return assertNever(answer);
  }
}

async function runField(session: WriteSession, write: WritePlan | undefined): Promise<ByteList> {
  if (write === undefined) throw new Error('The root field has no write plan.');
  try {
    return session.api.access.rules === null
      ? await runWrite(session, write)
      : await runRuledWrite(session, write);
  } catch (error) {
    if (session.extent === 'ONE_STATEMENT' && isTooLongValue(error)) throw new LongAnswer();
    if (error instanceof UpsertRace) {
      throw new UpsertRace(translate(error.cause, session, write));
    }
    throw translate(error, session, write);
  }
}

function translate(error: unknown, { api, field }: WriteSession, plan: WritePlan): unknown {
  const explained = explainWriteError(error, {
    api,
    type: field.type.name,
    deletes: plan.kind === 'DELETE',
    references: referencesOf(plan),
    created: createdByBatch(plan),
    path: [field.responseKey],
  });
  return explained ?? ofField(error, field);
}

function referencesOf(plan: WritePlan): readonly Reference[] {
  switch (plan.kind) {
    case 'CREATE':
    case 'UPDATE':
      return plan.input.references;
    case 'UPSERT':
      return [...plan.create.input.references, ...plan.update.input.references];
    case 'DELETE':
      return [];
    default:
      return assertNever(plan);
  }
}

function createdByBatch(plan: WritePlan): RowsByTable {
  switch (plan.kind) {
    case 'CREATE':
      return plan.answer.batch === null && plan.draft.rows.size === 0 ? [] : createdRows(plan);
    case 'UPDATE':
      return createdRows(plan);
    case 'UPSERT':
      return [...createdByBatch(plan.create), ...createdRows(plan.update)];
    case 'DELETE':
      return [];
    default:
      return assertNever(plan);
  }
}

/** Adds the root field's path to an error about the field's input, such as one about null for a non-null argument. */
function ofField(error: unknown, { responseKey }: MutationField): unknown {
  const path = [responseKey];
  if (isOperationError(error)) return error.path === undefined ? atPath(error, path) : error;
  if (error instanceof GraphQLError) {
    return operationErrors.invalidInput([{ path, message: error.message }], { path, cause: error });
  }
  return error;
}
