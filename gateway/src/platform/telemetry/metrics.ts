import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import { createDurationHistogram } from './duration-histogram.ts';

/** The parts of the server that requests are counted by. A path is never a label: clients choose paths. */
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
  /** What is kept, by kind. */
  readonly apis: number;
  readonly documents: number;
  readonly plans: number;
  /** Operations since the start whose plan was kept, and was not. */
  readonly hits: number;
  readonly misses: number;
}

export interface HttpRequestObservation {
  readonly method: string;
  readonly route: HttpRoute;
  readonly status: number;
  readonly seconds: number;
}

export interface GraphqlOperationObservation {
  readonly surface: 'management' | 'project';
  readonly type: 'query' | 'mutation' | 'subscription' | 'unknown';
  readonly outcome: 'ok' | 'refused' | 'failed';
}

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Everything that is counted, in a registry of its own, so that two gateways in one process (as in tests)
 * do not mix. Labels come from closed lists: nothing that a client chooses becomes a time series.
 */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const httpRequestDuration = createDurationHistogram(registry, {
    name: 'tessera_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  const countOperation = createOperationCounter(registry);
  const rateLimitRefusals = new Counter({
    name: 'tessera_rate_limit_refusals_total',
    help: 'Requests that a rate limit refused, by its rule.',
    labelNames: ['rule'],
    registers,
  });
  const observePool = createPoolGauge(registry);

  return {
    registry,
    rateLimitRefusals,
    /** Follows the plans of projects' operations from now on. */
    observePlans: (read: () => PlansLike) => createPlanGauges(registry, read),
    /** Follows a pool's connections from now on; `name` is ours, not a client's. */
    observePool,
    observeHttpRequest({ method, route, status, seconds }: HttpRequestObservation): void {
      const known = httpMethods.includes(method) ? method : 'OTHER';
      httpRequestDuration.observe([known, route, String(status)], seconds);
    },
    countOperation,
  };
}

/** Counts by itself, and tells the registry when that is asked: `inc` takes ten times as long as a look-up. */
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

function createPlanGauges(registry: Registry, read: () => PlansLike): void {
  new Gauge({
    name: 'tessera_project_plans',
    help: 'What is kept to answer projects, by kind.',
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
    help: 'Operations of projects since the start, by whether their plan was kept.',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      const { hits, misses } = read();
      this.set({ result: 'hit' }, hits);
      this.set({ result: 'miss' }, misses);
    },
  });
}

/** Reads the pools when Prometheus asks, so that there is nothing to keep in step. */
function createPoolGauge(registry: Registry): (name: string, pool: PoolLike) => void {
  const pools = new Map<string, PoolLike>();
  new Gauge({
    name: 'tessera_pool_connections',
    help: 'Connections of a database pool by state; `waiting` counts requests for one.',
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
