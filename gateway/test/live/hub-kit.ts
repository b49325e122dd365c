import { pino } from 'pino';
import type { Change } from '../../src/data-plane/changes/changes.ts';
import type { LogListener } from '../../src/data-plane/changes/watcher.ts';
import type { Caller } from '../../src/data-plane/callers/callers.ts';
import type { LiveResults } from '../../src/data-plane/live/live-results.ts';
import { createSubscriptions } from '../../src/data-plane/live/subscriptions.ts';
import { projectSchema } from '../../src/data-plane/projects/project-schema.ts';
import type { ProjectSnapshot } from '../../src/data-plane/projects/project-snapshots.ts';
import { projectNames } from '../../src/engine/migrations.ts';
import type { BoundStatement, LiveQueryPlan, Rows, Variables } from '../../src/engine/runtime.ts';
import type { GraphqlRequest } from '../../src/graphql/graphql-request.ts';
import { bytesOf } from '../../src/platform/bytes.ts';
import { createFakePubSub } from '../fake-pubsub.ts';
import { createTestTimers } from './test-timers.ts';

/** The time of all commits, in milliseconds. */
const committedAt = 1_000;

export interface SubscribeKit {
  readonly variables?: Variables;
  readonly caller?: Caller;
  readonly patch?: boolean;
  readonly query?: string;
  readonly signal?: AbortSignal;
}

/**
 * The subscriptions of one project whose database is a map. The only query is the value of the key `$key`, and the query
 * `now` depends on the time.
 */
export function createHubKit() {
  const timers = createTestTimers();
  const pubsub = createFakePubSub();
  const names = projectNames('a'.repeat(16));
  const values = new Map<string, string>();
  const statements: string[] = [];
  const lags: number[] = [];
  let failure: ((statement: BoundStatement) => Error | null) | null = null;
  let refusal: ((request: GraphqlRequest) => Error | null) | null = null;
  let snapshot: ProjectSnapshot | null = {
    ref: names.ref,
    names,
    version: 1,
    schema: projectSchema(''),
  };
  let cached: ProjectSnapshot | null = null;
  let refreshing: Promise<void> = Promise.resolve();
  let hidden: { readonly value: string; readonly from: number } | null = null;
  let watching: LogListener | null = null;
  let pos = 0n;
  const plans = new Map<string, LiveQueryPlan>();

  const run = (statement: BoundStatement): Rows => {
    const rows = statement.text.includes('many')
      ? (statement.values[0] as readonly string[])
      : [String(statement.values[0])];
    statements.push(rows.join());
    const error = failure?.(statement) ?? null;
    if (error !== null) throw error;
    const version = Number(/version (\d+)/.exec(statement.text)?.[1]);
    return rows.map((key, index) => {
      const value = values.get(key) ?? null;
      const isHidden = hidden !== null && version >= hidden.from && value === hidden.value;
      const json = bytesOf(JSON.stringify(isHidden ? null : value));
      return statement.text.includes('many') ? [bytesOf(String(index + 1)), json] : [json];
    });
  };

  const subscriptions = createSubscriptions({
    connections: {
      size: 4,
      runInBackground: async (_names, statement) => {
        // A statement does not see what is committed after it was sent.
        const rows = run(statement);
        await Promise.resolve();
        return rows;
      },
      forgetRole: () => undefined,
    },
    operations: {
      selectSubscription({ request, project, subject }) {
        const error = refusal?.(request) ?? null;
        if (error !== null) throw error;
        const key = `${request.query} ${project.version}`;
        const plan = plans.get(key) ?? planOf(request.query, project.version);
        plans.set(key, plan);
        const variables = { ...request.variables, ...subject?.claims };
        const values = plan.statement.parameters.map((parameter) => parameter(variables));
        const around = [bytesOf('{"value":'), bytesOf('}')] as const;
        return { units: 1, prepare: () => ({ plan, values, variables, around }) };
      },
    },
    snapshots: {
      get: () => Promise.resolve(cached ?? snapshot),
      async refresh() {
        await refreshing;
        return snapshot;
      },
    },
    roles: { restore: () => Promise.resolve() },
    changes: {
      read: () => Promise.reject(new Error('These tests have no change streams.')),
    },
    watcher: {
      watch(_ref, listener) {
        watching = listener;
        listener.onStart?.({ epoch: 'e', pos, seq: 0n });
        return { ready: Promise.resolve(), stop: () => (watching = null) };
      },
    },
    pubsub,
    clock: () => new Date(committedAt + timers.now()),
    logger: pino({ level: 'silent' }),
    onLag: (seconds) => lags.push(seconds),
    timers,
  });

  return {
    timers,
    pubsub,
    subscriptions,
    values,
    /** The keys of each statement that was run. */
    statements,
    lags,
    ref: names.ref,
    isWatching: () => watching !== null,
    failWith: (fail: typeof failure) => (failure = fail),
    refuseWith: (refuse: typeof refusal) => (refusal = refuse),
    deploy(version: number | null): void {
      snapshot = version === null || snapshot === null ? null : { ...snapshot, version };
    },
    /** Deploys a version that the cache of snapshots does not have until the function that is returned is called. */
    deployUnnoticed(version: number): () => void {
      cached = snapshot;
      this.deploy(version);
      return () => (cached = null);
    },
    /** Versions can be looked up again after the function that is returned is called. */
    delayRefresh(): () => void {
      let resume = (): void => undefined;
      refreshing = new Promise((resolve) => (resume = resolve));
      return resume;
    },
    /** From a version on, plans return null instead of this value, as if its access rules did not permit it. */
    hide: (value: string, from: number) => (hidden = { value, from }),
    /** Sets values and logs the changes of their rows. */
    async commit(changes: Readonly<Record<string, string>>, version: number | null = null) {
      for (const [key, value] of Object.entries(changes)) values.set(key, value);
      pos += 1n;
      const logged = Object.keys(changes).map((key, index) => changeOf(key, BigInt(index)));
      const commit = { pos, at: new Date(committedAt + timers.now()), changes: logged, version };
      watching?.onCommits([commit], { epoch: 'e', pos, seq: 9n });
      await timers.settle();
    },
    async gap() {
      watching?.onGap();
      watching?.onStart?.({ epoch: 'f', pos: 0n, seq: 0n });
      await timers.settle();
    },
    async subscribe(key: string, options: SubscribeKit = {}): Promise<LiveResults> {
      const { signal } = new AbortController();
      return subscriptions.subscribe(
        options.caller ?? callerOf(names.ref),
        {
          query: options.query ?? 'value',
          operationName: null,
          variables: { key, ...options.variables },
          extensions: {},
          mayChange: true,
        },
        {
          charge: () => undefined,
          signal: options.signal ?? signal,
          patch: options.patch === true,
        },
      );
    },
  };
}

/** A caller of the project. The claims replace the variables of a request. */
export function callerOf(
  projectRef: string,
  claims: Readonly<Record<string, string>> = {},
): Caller {
  return {
    kind: 'member',
    projectId: 'p1',
    projectRef,
    access: { read: 'ALL', write: 'ALL', introspect: true, rules: null },
    subject: { audience: 'USER', user: null, claims, verifiedEmail: null },
  };
}

function planOf(query: string, version: number): LiveQueryPlan {
  return {
    kind: 'LIVE_QUERY',
    statement: {
      template: { chunks: [`${query} one version ${version}`] },
      parameters: [({ key }) => String(key)],
    },
    cohort: { chunks: [`${query} many version ${version}`] },
    answers: [{ kind: 'COLUMN', responseKey: 'value' }],
    reads: [
      {
        table: 'value',
        equalities: [{ column: 'key', type: { kind: 'SCALAR', name: 'String' }, parameter: 0 }],
      },
    ],
    usesNow: query === 'now',
  };
}

function changeOf(key: string, seq: bigint): Change {
  return {
    seq,
    table: 'value',
    operation: 'UPDATE',
    key: { key },
    changed: ['value'],
    old: JSON.stringify({ key }),
    new: JSON.stringify({ key }),
    leftOut: [],
  };
}

/** Reads the results of a subscription in the background. */
export function follow(results: LiveResults) {
  const received: unknown[] = [];
  const ended = (async () => {
    for (let next = await results.next(); next !== null; next = await results.next()) {
      received.push(next.json === null ? next.errors : JSON.parse(String(next.json)));
    }
  })();
  return { received, ended };
}
