import {
  explainMutation,
  explainReads,
  ruleTexts,
  subjectOfUser,
  type ApiAccess,
  type Decision,
  OperationError,
  type ExplainedCaller,
  type ExplainedQuery,
  type NewValues,
  type StatementRunner,
} from '../../engine/runtime.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import type { AnswerMemory } from '../../platform/answer-budget.ts';
import type { ByteList } from '../../platform/bytes.ts';
import { Canceller } from '../../platform/cancellation.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import type { ApiCache, CachedApi } from '../operations/api-cache.ts';
import { applyRules } from '../operations/caller-access.ts';
import { runPlan, type PlannedOperation } from '../operations/executable-plan.ts';
import type { ProjectSchema } from '../projects/project-schema.ts';

export interface ExplainInput {
  readonly names: ProjectNames;
  /** What the role of the member permits. The rules of the caller narrow it. */
  readonly access: ApiAccess;
  readonly as: ExplainedCaller;
  readonly request: GraphqlRequest;
  /** Whether the project has reached its maximum size. */
  readonly isFull: boolean;
}

/** A rule that decides about the operation. */
export interface ExplainedRule extends Pick<
  Decision,
  'type' | 'field' | 'operation' | 'held' | 'rows'
> {
  /** The directive, as the SDL contains it. */
  readonly text: string;
  readonly line: number;
}

export interface Explained {
  /** Null if the error occurred before the operation was selected. */
  readonly type: 'query' | 'mutation' | null;
  /** The JSON for `data`. Null if there is an error. */
  readonly data: ByteList | null;
  readonly error: { readonly thrown: unknown } | null;
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainEnvironment {
  readonly apis: ApiCache;
  readonly schema: ProjectSchema;
  readonly connections: Pick<ProjectConnections, 'lease'>;
  readonly memory: AnswerMemory;
  readonly newValues: NewValues;
}

/**
 * Runs an operation as a caller to whom rules apply, in a transaction that is rolled back, and finds which rules decide
 * about its rows.
 */
export async function explainOperation(
  { names, access: scopes, as, request, isFull }: ExplainInput,
  environment: ExplainEnvironment,
): Promise<Explained> {
  const { apis, schema, connections } = environment;
  const model = schema.model();
  const subject = subjectOfUser(as);
  const { access, values } = applyRules(() => model, { access: scopes, subject });
  const own = apis.of(schema, access);
  const selected = attempt(() => own.operation(request));
  const type = selected.ok ? selected.value.type : null;
  const planned = selected.ok
    ? attempt(() => selected.value.plan(request.variables, values))
    : selected;
  const { rules: profile } = access;
  const server = apis.of(schema, { ...scopes, rules: null });
  const unruled = attempt(() => server.operation(request).plan(request.variables, values));

  const work = (runner: StatementRunner): Promise<Explained> =>
    inTransaction(runner, type === 'mutation', async () => {
      const decisions: Decision[] = [];
      const running = { names, runner, isFull, decisions };
      const result = planned.ok
        ? await attemptOn(runner, () => run(planned.value, own, running, environment))
        : planned;
      const explained = () => {
        if (!unruled.ok || profile === null) return [];
        const { plan, variables } = unruled.value;
        if (plan.kind === 'QUERY') {
          return explainedReads({ ...request, api: server.api, variables, profile }, running);
        }
        return planned.ok ? merged(decisions) : explainMutation(server.api, plan.plan, profile);
      };
      return {
        type: type === 'subscription' ? null : type,
        data: result.ok ? result.value : null,
        error: result.ok ? null : { thrown: result.thrown },
        rules: shownRules(await explained(), schema),
      };
    });
  const plans = [planned, unruled].flatMap((each) => (each.ok ? [each.value.plan] : []));
  return plans.some(readsRows) ? connections.lease(names, new Canceller(), work) : work(idle);
}

function readsRows(plan: PlannedOperation['plan']): boolean {
  return plan.kind === 'MUTATION' || plan.statement !== null;
}

/** For operations that need no connection. */
const idle: StatementRunner = { run: () => Promise.resolve([]) };

/** If an argument is not valid, the rules have no counts. */
async function explainedReads(
  query: ExplainedQuery,
  { names, runner }: { readonly names: ProjectNames; readonly runner: StatementRunner },
): Promise<readonly Decision[]> {
  const counted = await attemptOn(runner, () => explainReads(query, runner, names.schema));
  if (counted.ok) return counted.value;
  if (!(counted.thrown instanceof OperationError)) throw counted.thrown;
  const uncounted = await attemptOn(runner, () => explainReads(query, null, names.schema));
  return uncounted.ok ? uncounted.value : [];
}

function shownRules(
  decisions: readonly Decision[],
  { sdl }: ProjectSchema,
): readonly ExplainedRule[] {
  if (decisions.length === 0) return [];
  const textOf = ruleTexts(sdl);
  return decisions.map((decision) => {
    const { type, field, operation, held, rows, rule } = decision;
    return { type, field, operation, held, rows, text: textOf(decision), line: rule.line };
  });
}

type Attempt<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly thrown: unknown };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (thrown) {
    return { ok: false, thrown };
  }
}

/** Undoes the statements of work that fails, so that the transaction can go on. */
async function attemptOn<T>(runner: StatementRunner, work: () => Promise<T>): Promise<Attempt<T>> {
  await runner.run({ text: 'SAVEPOINT attempt', values: [] });
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    await runner.run({ text: 'ROLLBACK TO SAVEPOINT attempt', values: [] });
    return { ok: false, thrown };
  }
}

/** All statements of a query see the same rows. Nothing is changed. */
async function inTransaction<T>(
  runner: StatementRunner,
  isMutation: boolean,
  work: () => Promise<T>,
): Promise<T> {
  const text = isMutation ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY';
  await runner.run({ text, values: [] });
  try {
    return await work();
  } finally {
    // The lease ends the connection if this fails.
    await runner.run({ text: 'ROLLBACK', values: [] }).catch(() => undefined);
  }
}

interface Running {
  readonly names: ProjectNames;
  readonly runner: StatementRunner;
  readonly isFull: boolean;
  readonly decisions: Decision[];
}

function run(
  planned: PlannedOperation,
  { api }: Pick<CachedApi, 'api'>,
  { names, runner, isFull, decisions }: Running,
  { memory, newValues }: Pick<ExplainEnvironment, 'memory' | 'newValues'>,
): Promise<ByteList> {
  const nested = nestedIn(runner);
  return runPlan(planned, {
    connections: {
      run: (_names, statement) => nested.run({ ...statement, once: true }),
      lease: (_names, _signal, work) => work(nested),
    },
    names,
    api,
    signal: new Canceller(),
    memory,
    newValues,
    isFull,
    decisions,
    onRun: () => undefined,
  });
}

/** Runs a transaction within another one. The constraints are checked where it would be committed. */
function nestedIn(runner: StatementRunner): StatementRunner {
  const instead = new Map([
    ['BEGIN', 'SAVEPOINT mutation'],
    ['COMMIT', 'SET CONSTRAINTS ALL IMMEDIATE'],
    ['ROLLBACK', 'ROLLBACK TO SAVEPOINT mutation'],
  ]);
  return {
    run: ({ text, values }) => runner.run({ text: instead.get(text) ?? text, values, once: true }),
  };
}

/** Each rule once, with the rows of all writes of the mutation. */
function merged(decisions: readonly Decision[]): readonly Decision[] {
  const byRule = new Map<string, Decision>();
  for (const decision of decisions) {
    const { type, field, operation, kind, rule, rows } = decision;
    const key = JSON.stringify([type, field, operation, kind, rule]);
    const before = byRule.get(key)?.rows ?? 0;
    byRule.set(key, { ...decision, rows: before + (rows ?? 0) });
  }
  return [...byRule.values()];
}
