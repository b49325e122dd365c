import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface LiveLike {
  readonly queries: number;
  readonly streams: number;
  readonly projects: number;
  readonly logLagSeconds: number;
  readonly resultBytes: number;
  readonly results: number;
  readonly sent: number;
  readonly scheduler: {
    readonly running: number;
    readonly waiting: number;
    readonly runs: number;
    readonly rows: number;
    readonly divided: number;
  };
}

/** What the metrics of live subscriptions are read from. */
export interface LiveMetrics {
  /** Adds the gauges and counters. */
  observe(read: () => LiveLike): void;
  /** Observes the time from a commit to a result that contains it, in seconds. */
  observeLag(seconds: number): void;
}

export function createLiveMetrics(registry: Registry): LiveMetrics {
  const registers = [registry];
  const lag = new Histogram({
    name: 'tessera_live_lag_seconds',
    help: 'Time from the commit of a change to the result of a live query that contains it.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  return {
    observe(read) {
      createGauges(registry, read);
      createCounters(registry, read);
    },
    observeLag: (seconds) => lag.observe(seconds),
  };
}

function createGauges(registry: Registry, read: () => LiveLike): void {
  const registers = [registry];
  new Gauge({
    name: 'tessera_live_subscriptions',
    help: 'Subscriptions to live queries and change streams, by kind.',
    labelNames: ['kind'],
    registers,
    collect() {
      const { queries, streams } = read();
      this.set({ kind: 'query' }, queries);
      this.set({ kind: 'stream' }, streams);
    },
  });
  new Gauge({
    name: 'tessera_live_projects',
    help: 'Projects with a subscription, whose change logs are being watched.',
    registers,
    collect() {
      this.set(read().projects);
    },
  });
  new Gauge({
    name: 'tessera_live_log_lag_seconds',
    help: 'How long the oldest changes have been waiting to be read from a change log. 0 if all were read.',
    registers,
    collect() {
      this.set(read().logLagSeconds);
    },
  });
  new Gauge({
    name: 'tessera_live_result_bytes',
    help: 'Bytes of the latest results of live queries that are kept for slow readers and for patches.',
    registers,
    collect() {
      this.set(read().resultBytes);
    },
  });
  new Gauge({
    name: 'tessera_live_runs',
    help: 'Statements for subscriptions that are running, and query plans that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      const { running, waiting } = read().scheduler;
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
}

/** The counters of the subscriptions, by the name of their metric. */
const counters = {
  tessera_live_runs_total: {
    help: 'Statements that were run for subscriptions.',
    valueOf: ({ scheduler }: LiveLike) => scheduler.runs,
  },
  tessera_live_rows_total: {
    help: 'Results that were computed by these statements, one for each combination of values.',
    valueOf: ({ scheduler }: LiveLike) => scheduler.rows,
  },
  tessera_live_divided_runs_total: {
    help: 'Statements for several combinations of values that failed and were divided.',
    valueOf: ({ scheduler }: LiveLike) => scheduler.divided,
  },
  tessera_live_changed_results_total: {
    help: 'Computed results that differ from the one before.',
    valueOf: ({ results }: LiveLike) => results,
  },
  tessera_live_sent_total: {
    help: 'Results and events that were passed on to subscribers.',
    valueOf: ({ sent }: LiveLike) => sent,
  },
} as const;

function createCounters(registry: Registry, read: () => LiveLike): void {
  for (const [name, { help, valueOf }] of Object.entries(counters)) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(valueOf(read()));
      },
    });
  }
}
