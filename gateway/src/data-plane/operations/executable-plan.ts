import pg from 'pg';

import type { ProjectNames } from '../../engine/migrations.ts';
import {
  isDataException,
  operationErrors,
  runMutation,
  textOf,
  type Decision,
  type MutationPlan,
  type OperationPlan,
  type ProjectApi,
  type QueryPlan,
  type Statement,
  type StatementRunner,
  type Variables,
  type NewValues,
} from '../../engine/runtime.ts';
import { bytesOf, bytesOfLong, ByteList, type Bytes } from '../../platform/bytes.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import { explainingLostCommits, explainLostCommit } from '../connections/lost-commit.ts';
import type { AnswerMemory } from '../../platform/answer-budget.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { countedIn, refusedAnswer, reservedIn } from './answer-rows.ts';
import type { Introspected } from './introspection.ts';

/** A query or mutation plan in which everything that does not depend on a request is precomputed. */
export type ExecutablePlan = ExecutableQuery | ExecutableMutation;

export interface ExecutableQuery {
  readonly kind: 'QUERY';
  /** Null if no field needs the database. */
  readonly statement: Statement | null;
  /** The constant parts of the JSON for `data`. There is one more part than there are columns. */
  readonly texts: readonly [Bytes, ...Bytes[]];
}

interface ExecutableMutation {
  readonly kind: 'MUTATION';
  readonly plan: MutationPlan;
  readonly introspected: Introspected;
}

export function makeExecutable(plan: OperationPlan, introspected: Introspected): ExecutablePlan {
  return plan.kind === 'MUTATION'
    ? { kind: 'MUTATION', plan, introspected }
    : { kind: 'QUERY', statement: plan.statement, texts: textsAround(plan, introspected) };
}

export function hasIntrospection(plan: OperationPlan): boolean {
  const answers = plan.kind === 'QUERY' ? plan.answers : plan.fields;
  return answers.some(({ kind }) => kind === 'INTROSPECTION');
}

/** `{ a: …, __typename }` → `['{"a":', ',"__typename":"Query"}']` */
function textsAround(
  { answers }: QueryPlan,
  introspected: Introspected,
): readonly [Bytes, ...Bytes[]] {
  const earlier: Bytes[] = [];
  let text = '{';
  answers.forEach((answer, index) => {
    const { responseKey } = answer;
    text += `${index === 0 ? '' : ','}${JSON.stringify(responseKey)}:`;
    switch (answer.kind) {
      case 'CONSTANT':
        text += answer.json;
        return;
      case 'INTROSPECTION':
        text += introspected.get(responseKey) ?? 'null';
        return;
      case 'COLUMN':
        earlier.push(bytesOfLong(text));
        text = '';
    }
  });
  const [first, ...others] = [...earlier, bytesOfLong(`${text}}`)];
  return [first, ...others];
}

/** Returns the approximate number of characters that a plan keeps in memory. */
export function planSize(plan: ExecutablePlan): number {
  const fixed = 500;
  if (plan.kind === 'QUERY') {
    // The text of the statement is cached once per project, in addition to the shared template.
    return fixed + lengthOf(plan.texts) + 2 * lengthOf(plan.statement?.template.chunks ?? []);
  }
  // A mutation's statements are not determined until it runs. This is an estimate for each field.
  const perField = 5_000;
  return fixed + perField * plan.plan.fields.length + lengthOf([...plan.introspected.values()]);
}

function lengthOf(texts: readonly { readonly length: number }[]): number {
  return texts.reduce((length, text) => length + text.length, 0);
}

/** A plan with the variables of one request. */
export interface PlannedOperation {
  readonly plan: ExecutablePlan;
  readonly variables: Variables;
  /** True if the plan was compiled for this request only, so that preparing its statement is not worthwhile. */
  readonly once: boolean;
}

export interface PlanEnvironment {
  readonly connections: Pick<ProjectConnections, 'run' | 'lease'>;
  readonly names: ProjectNames;
  readonly api: ProjectApi;
  readonly signal: Cancellation;
  /** The memory for the answer. */
  readonly memory: AnswerMemory;
  /** Returns an id for a new row. */
  readonly newValues: NewValues;
  /** Called when all input has been checked and the first statement is about to be sent. */
  readonly onRun: () => void;
  /** Whether the project has reached its maximum size. */
  readonly isFull: boolean;
  /** If given, the access rules that decide about the rows of a mutation are added. */
  readonly decisions?: Decision[];
}

/**
 * Runs a plan in one project's schema.
 * @returns the JSON for `data`
 * @throws OperationError, such as `ANSWER_TOO_LARGE`, and the errors of `ProjectConnections`. A mutation that fails with
 *   `ConnectionLostError` had no effect
 * @throws RequestError `OVERLOADED` if there is no memory for the answer
 * @throws RequestError `OUTCOME_UNKNOWN` if the connection was lost and the mutation might have been committed
 */
export function runPlan(
  operation: PlannedOperation,
  environment: PlanEnvironment,
): Promise<ByteList> {
  const { plan, variables, once } = operation;
  const refusal = environment.memory.check();
  if (refusal !== null) return Promise.reject(refusedAnswer(refusal));
  return plan.kind === 'QUERY'
    ? runQuery(plan, { variables, once }, environment)
    : runMutationPlan(plan, variables, environment);
}

/**
 * Runs a query plan in one project's schema.
 * @returns the JSON for `data`
 * @throws OperationError, and the errors of `ProjectConnections`
 */
export async function runQuery(
  { statement, texts }: ExecutableQuery,
  { variables, once }: Omit<PlannedOperation, 'plan'>,
  {
    connections,
    names,
    signal,
    memory,
    onRun,
  }: Pick<PlanEnvironment, 'connections' | 'names' | 'signal' | 'memory' | 'onRun'>,
): Promise<ByteList> {
  if (statement === null) return new ByteList().add(texts[0]);
  const values = statement.parameters.map((parameter) => parameter(variables));
  const bound = { text: textOf(statement.template, names.schema), values, once };
  const begin = () => {
    const refusal = memory.begin(bound.text);
    return refusal && refusedAnswer(refusal);
  };
  // Checked again when a connection is available.
  const refusal = begin();
  if (refusal !== null) throw refusal;
  onRun();
  const rows = { begin, reserve: reservedIn(memory) };
  const [row] = await connections.run(names, bound, signal, rows).catch(explainDataException);
  if (row?.length !== texts.length - 1) throw new Error('Expected the query to return one row.');
  const data = new ByteList().add(texts[0]);
  row.forEach((json, index) => {
    data.add(json ?? nullJson);
    const text = texts[index + 1];
    if (text !== undefined) data.add(text);
  });
  return data;
}

const nullJson = bytesOf('null');

/** Translates data exceptions such as a sum that is out of range for its type. */
function explainDataException(error: unknown): never {
  if (!(error instanceof pg.DatabaseError) || !isDataException(error.code ?? '')) throw error;
  throw operationErrors.resultOutOfRange({ cause: error });
}

function runMutationPlan(
  { plan, introspected }: ExecutableMutation,
  variables: Variables,
  { connections, names, api, signal, memory, newValues, isFull, onRun, decisions }: PlanEnvironment,
): Promise<ByteList> {
  const single: StatementRunner = {
    run: (statement) =>
      connections
        .run(names, statement, signal, { reserve: countedIn(memory) })
        .catch(explainLostCommit),
  };
  return runMutation(plan, variables, {
    withRunner: (extent, work) => {
      onRun();
      memory.restart();
      if (extent === 'ONE_STATEMENT') return work(single);
      const explained = (runner: StatementRunner) => work(explainingLostCommits(runner));
      return connections.lease(names, signal, explained, reservedIn(memory));
    },
    schema: names.schema,
    api,
    newValues,
    isFull,
    decisions,
    introspect: ({ alias, name }) => introspected.get((alias ?? name).value) ?? 'null',
  });
}
