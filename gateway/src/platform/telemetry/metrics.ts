import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import type { ComputeObservation, ComputeStats } from '../compute/compute-thread.ts';
import { createDurationHistogram } from './duration-histogram.ts';

/** The parts of the server, used as labels. Paths are not used as labels because clients choose them. */
export const httpRoutes = [
  'management',
  'project',
  'graphiql',
  'health',
  'metrics',
  'console',
  'other',
] as const;
export type HttpRoute = (typeof httpRoutes)[number];

const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export interface PoolLike {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

export interface PlansLike {
  /** The number of APIs, documents and plans in the cache. */
  readonly apis: number;
  readonly documents: number;
  readonly plans: number;
  /**
   * Since the gateway started, the number of operations whose query plan was in the cache (`hits`) or not (`misses`).
   */
  readonly hits: number;
  readonly misses: number;
}

export interface StorageLike {
  readonly fullProjects: number;
  readonly bytes: number;
}

export interface HttpRequestObservation {
  readonly method: string;
  readonly route: HttpRoute;
  readonly status: number;
  readonly seconds: number;
  /** True if the connection was closed because the client did not read the response. @default false */
  readonly isCutOff?: boolean;
}

export interface GraphqlOperationObservation {
  readonly surface: 'management' | 'project';
  readonly type: 'query' | 'mutation' | 'subscription' | 'unknown';
  readonly outcome: 'ok' | 'refused' | 'failed';
}

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Creates all metrics in a separate registry, so that two gateways in one process (as in tests) do not share them.
 * Label values come from fixed lists, so that clients cannot create time series.
 */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const httpRequestDuration = createDurationHistogram(registry, {
    name: 'tessera_http_request_duration_seconds',
    help: 'Time from the start of a request to the end of its response.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  const countOperation = createOperationCounter(registry);
  const rateLimitRefusals = new Counter({
    name: 'tessera_rate_limit_refusals_total',
    help: 'Requests rejected because of a rate limit, by rule.',
    labelNames: ['rule'],
    registers,
  });
  const slowedRefusals = new Counter({
    name: 'tessera_slowed_refusals_total',
    help: 'Refusals that were delayed, or closed their connection, because the client ignored earlier ones.',
    registers,
  });
  const observePool = createPoolGauge(registry);
  const slowReaders = new Counter({
    name: 'tessera_slow_readers_total',
    help: 'Connections that were closed because their clients did not read a response in time.',
    labelNames: ['route'],
    registers,
  });
  const refusedAnswers = new Counter({
    name: 'tessera_answers_refused_total',
    help: 'Responses that were not sent, by reason: too large, or no memory for responses left.',
    labelNames: ['reason'],
    registers,
  });

  const countTokenCheck = createTokenCounter(registry);
  const issuerKeyFetches = new Counter({
    name: 'tessera_issuer_key_fetches_total',
    help: 'Attempts to fetch the keys of a trusted issuer, by outcome.',
    labelNames: ['outcome'],
    registers,
  });

  return {
    registry,
    rateLimitRefusals,
    slowedRefusals,
    refusedAnswers,
    /** Counts a check of a user's token. `result` must be one of a fixed list. */
    countTokenCheck,
    issuerKeyFetches,
    /** Adds a gauge for the memory for responses. */
    observeAnswers: (read: () => number) => createAnswerGauge(registry, read),
    /** Adds gauges for projects' cached query plans. */
    observePlans: (read: () => PlansLike) => createPlanGauges(registry, read),
    /** Adds a pool to the connection gauge. `name` must be a constant. */
    observePool,
    /** Adds gauges for the size of projects. */
    observeStorage: (read: () => StorageLike) => createStorageGauges(registry, read),
    observeHttpRequest({
      method,
      route,
      status,
      seconds,
      isCutOff = false,
    }: HttpRequestObservation): void {
      if (isCutOff) slowReaders.inc({ route });
      const known = httpMethods.includes(method) ? method : 'OTHER';
      httpRequestDuration.observe([known, route, String(status)], seconds);
    },
    countOperation,
    /** Adds the metrics of the compute thread. @returns a function to call for each task that has ended */
    observeCompute: (read: () => ComputeStats) => createComputeMetrics(registry, read),
  };
}

function createComputeMetrics(
  registry: Registry,
  read: () => ComputeStats,
): (observation: ComputeObservation) => void {
  const registers = [registry];
  new Gauge({
    name: 'tessera_compute_thread',
    help: 'Whether the compute thread is busy, and the number of tasks that wait for it.',
    labelNames: ['state'],
    registers,
    collect() {
      const { busy, waiting } = read();
      this.set({ state: 'busy' }, busy);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  const tasks = new Counter({
    name: 'tessera_compute_tasks_total',
    help: 'Tasks of the compute thread, by task and outcome.',
    labelNames: ['task', 'outcome'],
    registers,
  });
  const seconds = new Counter({
    name: 'tessera_compute_seconds_total',
    help: 'Time for which the compute thread has computed, by task.',
    labelNames: ['task'],
    registers,
  });
  return ({ task, outcome, ...observation }) => {
    tasks.inc({ task, outcome });
    seconds.inc({ task }, observation.seconds);
  };
}

/**
 * Creates a counter for GraphQL operations. It counts in a map and updates prom-client's counter when metrics are
 * collected, because `inc` takes ten times as long as a map lookup.
 */
function createOperationCounter(
  registry: Registry,
): (operation: GraphqlOperationObservation) => void {
  const counts = new Map<string, { readonly labels: GraphqlOperationObservation; more: number }>();
  new Counter({
    name: 'tessera_graphql_operations_total',
    help: 'GraphQL operations by surface, type and outcome.',
    labelNames: ['surface', 'type', 'outcome'],
    registers: [registry],
    collect() {
      for (const count of counts.values()) {
        this.inc({ ...count.labels }, count.more);
        count.more = 0;
      }
    },
  });
  return (labels) => {
    const key = `${labels.surface} ${labels.type} ${labels.outcome}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { labels, more: 1 });
    else known.more += 1;
  };
}

/** Counts like `createOperationCounter`, because most requests of users have a cached token. */
function createTokenCounter(registry: Registry): (result: string) => void {
  const counts = new Map<string, number>();
  new Counter({
    name: 'tessera_user_token_checks_total',
    help: "Checks of users' tokens, by result.",
    labelNames: ['result'],
    registers: [registry],
    collect() {
      for (const [result, more] of counts) this.inc({ result }, more);
      counts.clear();
    },
  });
  return (result) => void counts.set(result, (counts.get(result) ?? 0) + 1);
}

function createAnswerGauge(registry: Registry, read: () => number): void {
  new Gauge({
    name: 'tessera_answer_bytes_in_flight',
    help: 'Bytes of responses that are being received from PostgreSQL or sent to clients.',
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

function createPlanGauges(registry: Registry, read: () => PlansLike): void {
  new Gauge({
    name: 'tessera_project_plans',
    help: 'Cached project APIs, documents and query plans, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      const { apis, documents, plans } = read();
      this.set({ kind: 'api' }, apis);
      this.set({ kind: 'document' }, documents);
      this.set({ kind: 'plan' }, plans);
    },
  });
  new Gauge({
    name: 'tessera_project_plan_lookups',
    help: 'Project operations since startup, by whether their query plan was cached.',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      const { hits, misses } = read();
      this.set({ result: 'hit' }, hits);
      this.set({ result: 'miss' }, misses);
    },
  });
}

function createStorageGauges(registry: Registry, read: () => StorageLike): void {
  new Gauge({
    name: 'tessera_project_storage_bytes',
    help: 'The size of the tables and indexes of all projects together.',
    registers: [registry],
    collect() {
      this.set(read().bytes);
    },
  });
  new Gauge({
    name: 'tessera_full_projects',
    help: 'The number of projects that have reached their maximum size.',
    registers: [registry],
    collect() {
      this.set(read().fullProjects);
    },
  });
}

/** Reads the pools' state when the gauge is collected. */
function createPoolGauge(registry: Registry): (name: string, pool: PoolLike) => void {
  const pools = new Map<string, PoolLike>();
  new Gauge({
    name: 'tessera_pool_connections',
    help: 'Connections in a database pool, by state. `waiting` is the number of requests waiting for a connection.',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
        this.set({ pool, state: 'used' }, totalCount - idleCount);
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'waiting' }, waitingCount);
      }
    },
  });
  return (name, pool) => void pools.set(name, pool);
}
