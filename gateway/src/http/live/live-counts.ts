import type {
  LiveTransport,
  LiveConnectionsLike,
} from '../../platform/telemetry/connection-metrics.ts';

/** Counts connections, operations and messages of all connections that stay open, for metrics. */
export class LiveCounts implements LiveConnectionsLike {
  readonly connections = byTransport();
  readonly operations = byTransport();
  /** Messages sent since the start. */
  readonly messages = byTransport();
  /** WebSockets that the gateway has closed since the start, by code. */
  readonly closings = new Map<number, number>();

  countClosing(code: number): void {
    this.closings.set(code, (this.closings.get(code) ?? 0) + 1);
  }
}

function byTransport(): Record<LiveTransport, number> {
  return { websocket: 0, sse: 0 };
}
