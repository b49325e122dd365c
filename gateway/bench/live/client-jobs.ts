// The messages between the benchmark and the process with the subscribers.

/** One WebSocket and its subscriptions. */
export interface Connection {
  /** Connections are counted and stopped by group. */
  readonly group: string;
  /** @default that of the job */
  readonly url?: string;
  /** Of `connection_init`. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly subscriptions: readonly Subscription[];
}

export interface Subscription {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export type ClientJob =
  | { readonly kind: 'OPEN'; readonly url: string; readonly connections: readonly Connection[] }
  /** Adds a subscription to each connection, in the order in which they were opened. */
  | { readonly kind: 'SUBSCRIBE'; readonly subscriptions: readonly Subscription[] }
  /** Begins to count anew. */
  | { readonly kind: 'COUNT' }
  | { readonly kind: 'FIGURES'; readonly group: string }
  /** Stops reading from the sockets of a group. */
  | { readonly kind: 'STALL'; readonly group: string }
  | { readonly kind: 'CLOSE' };

/** What the subscribers of a group got since the last `COUNT`. Times are in milliseconds. */
export interface ClientFigures {
  readonly frames: number;
  readonly bytes: number;
  /** From the time in the first `updatedAt` of a frame to its arrival. */
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
  /** Frames with errors, and connections that were closed. */
  readonly errors: number;
  /** The first error. */
  readonly error: string | null;
}
