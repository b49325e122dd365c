import pg from 'pg';
import type { ProjectNames } from '../../engine/migrations.ts';
import {
  arrayText,
  columnText,
  isDataException,
  operationErrors,
  textOf,
  type LiveQueryPlan,
  type PgValue,
  type Rows,
} from '../../engine/runtime.ts';
import { ByteList, bytesOf, type Bytes } from '../../platform/bytes.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { liveLimits } from './limits.ts';

export interface StatementEnvironment {
  readonly connections: Pick<ProjectConnections, 'runInBackground'>;
  readonly names: ProjectNames;
  readonly signal: Cancellation;
}

/** The parts of a plan that all of its rows share. */
export interface CohortPlan {
  readonly plan: LiveQueryPlan;
  /** See `PreparedSubscription`. */
  readonly around: readonly [Bytes, Bytes];
}

/**
 * Runs a plan for several rows of values in one statement.
 * @returns the JSON for `data` of each row
 * @throws OperationError `ANSWER_TOO_LARGE`, or `BAD_USER_INPUT` if a result is out of range
 * @throws the errors of `ProjectConnections.runInBackground`
 */
export async function runCohort(
  { plan, around }: CohortPlan,
  rows: readonly (readonly PgValue[])[],
  environment: StatementEnvironment,
): Promise<readonly ByteList[]> {
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) {
    const { chunks } = plan.statement.template;
    const answered = await runInBackground({ chunks }, only, environment);
    return answered.map(([json]) => dataOf(json, around));
  }
  const parameters = plan.statement.parameters.map((_, index) =>
    rows.map((values) => parameterText(values[index] ?? null)),
  );
  const results: (ByteList | undefined)[] = rows.map(() => undefined);
  for (const row of await runInBackground(plan.cohort, parameters, environment)) {
    results[Number(columnText(row, 0)) - 1] = dataOf(row[1], around);
  }
  return results.map((result) => {
    if (result === undefined) throw new Error('Expected a result for each row of the cohort.');
    return result;
  });
}

/** Runs a statement whose result has a limited size. */
export async function runInBackground(
  template: { readonly chunks: readonly [string, ...string[]] },
  values: readonly PgValue[],
  { connections, names, signal }: StatementEnvironment,
): Promise<Rows> {
  let bytes = 0;
  const reserve = (length: number): Error | null => {
    bytes += length;
    return bytes > liveLimits.bytesPerRun
      ? operationErrors.answerTooLarge(liveLimits.bytesPerRun)
      : null;
  };
  const statement = { text: textOf(template, names.schema), values };
  try {
    return await connections.runInBackground(names, statement, signal, reserve);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !isDataException(error.code ?? '')) throw error;
    throw operationErrors.resultOutOfRange({ cause: error });
  }
}

/** Cohorts have their parameters as text, which the statement casts. */
export function parameterText(value: PgValue): string | null {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'object' ? arrayText(value) : String(value);
}

/** The approximate size of a parameter in bytes. */
export function parameterBytes(value: PgValue): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return value.reduce((sum, item) => sum + 3 + (item?.length ?? 0), 0);
}

const nullJson = bytesOf('null');

function dataOf(json: Bytes | null | undefined, [before, after]: CohortPlan['around']): ByteList {
  return new ByteList()
    .add(before)
    .add(json ?? nullJson)
    .add(after);
}
