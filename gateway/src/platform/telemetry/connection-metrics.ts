import { Counter, Gauge, type Registry } from 'prom-client';

const transports = ['websocket', 'sse'] as const;
export type LiveTransport = (typeof transports)[number];

/** The state of the connections that stay open. */
export interface LiveConnectionsLike {
  readonly connections: Readonly<Record<LiveTransport, number>>;
  readonly operations: Readonly<Record<LiveTransport, number>>;
  /** Messages sent since the start. */
  readonly messages: Readonly<Record<LiveTransport, number>>;
  /** WebSockets that the gateway has closed since the start, by code. The codes are from a fixed list. */
  readonly closings: ReadonlyMap<number, number>;
}

/** Adds the metrics of the connections that stay open. They are read when metrics are collected. */
export function createConnectionMetrics(registry: Registry, live: LiveConnectionsLike): void {
  const registers = [registry];
  const labelNames = ['transport'] as const;
  new Gauge({
    name: 'tessera_live_connections',
    help: 'Open WebSockets and event streams, by transport.',
    labelNames,
    registers,
    collect() {
      for (const transport of transports) this.set({ transport }, live.connections[transport]);
    },
  });
  new Gauge({
    name: 'tessera_live_operations',
    help: 'Operations that run on WebSockets and event streams, by transport.',
    labelNames,
    registers,
    collect() {
      for (const transport of transports) this.set({ transport }, live.operations[transport]);
    },
  });
  new Counter({
    name: 'tessera_live_messages_total',
    help: 'Messages that were sent on WebSockets and event streams, by transport.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const transport of transports) this.inc({ transport }, live.messages[transport]);
    },
  });
  new Counter({
    name: 'tessera_websocket_closings_total',
    help: 'WebSockets that the gateway has closed, by code.',
    labelNames: ['code'],
    registers,
    collect() {
      this.reset();
      for (const [code, count] of live.closings) this.inc({ code: String(code) }, count);
    },
  });
}
