import type { Cancellation } from '../../platform/cancellation.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import type { BoundStatement, Rows, StatementRunner } from '../../engine/runtime.ts';
import { createConnectionPool, type PoolStats } from './connection-pool.ts';
import { openProjectConnection, type ProjectConnection } from './project-connection.ts';
import { createLanes } from './lanes.ts';

/** Connections on which requests run as their project's role. */
export interface ProjectConnections {
  /**
   * Leases `work` a connection, bound to the project's role, until its promise settles. What it leaves behind, such as
   * an open transaction, is undone.
   *
   * @throws RequestError `OVERLOADED` when none came free in time, too many wait already, or PostgreSQL takes none
   * @throws the signal's reason when the client goes away; what runs is cancelled
   */
  lease<T>(
    names: ProjectNames,
    signal: Cancellation,
    work: (runner: StatementRunner) => Promise<T>,
  ): Promise<T>;
  /**
   * Runs one statement, which is a transaction by itself. It may be pipelined on a connection with others of its project.
   *
   * @throws as `lease` and `StatementRunner.run`; what an aborted request has sent is cancelled where no other request
   *   waits for the connection's answers, and otherwise left to end by itself
   */
  run(names: ProjectNames, statement: BoundStatement, signal: Cancellation): Promise<Rows>;
  stats(): PoolStats;
  /** Waits up to `closeTimeoutMs` for requests under way, then ends every connection. May be called again. */
  close(): Promise<void>;
}

export interface ProjectConnectionsOptions {
  readonly connectionString: string;
  /** The most connections at a time. One project has at most three quarters of them, but at least one. */
  readonly size: number;
  /** Called for each connection that could not be opened. */
  readonly onTrouble: (error: unknown) => void;
  /** @default 2000 */
  readonly maxWaitMs?: number;
  /** Requests that may wait at a time; of one project, a quarter of them. @default 1000 */
  readonly maxWaiting?: number;
  /** After this time the server cancels a statement. @default 10000 */
  readonly statementTimeoutMs?: number;
  /** Prepared statements per connection, each of 24 to 82 kB there. @default 100 */
  readonly maxStatements?: number;
  /** A connection that has served this many projects is replaced: what it caches of tables only grows. @default 100 */
  readonly maxProjects?: number;
  /** A connection of this age is replaced. @default 1800000 */
  readonly maxAgeMs?: number;
  /** @default 5000 */
  readonly closeTimeoutMs?: number;
}

/** Opens connections as they are needed. */
export function createProjectConnections(options: ProjectConnectionsOptions): ProjectConnections {
  const { connectionString, size, onTrouble } = options;
  const { maxWaitMs = 2_000, statementTimeoutMs = 10_000, maxStatements = 100 } = options;
  const pool = createConnectionPool({
    open: (onEnd) =>
      openProjectConnection({
        connectionString,
        connectTimeoutMs: maxWaitMs,
        statementTimeoutMs,
        maxStatements,
        onEnd,
      }),
    size,
    onTrouble,
    maxWaitMs,
    maxWaiting: options.maxWaiting ?? 1_000,
    maxProjects: options.maxProjects ?? 100,
    maxAgeMs: options.maxAgeMs ?? 30 * 60_000,
    closeTimeoutMs: options.closeTimeoutMs ?? 5_000,
  });
  const lanes = createLanes(pool);
  return {
    run: (names, statement, signal) => lanes.run(names, statement, signal),
    async lease(names, signal, work) {
      const taken = pool.lease(names, signal);
      const connection = taken instanceof Promise ? await taken : taken;
      const lease = new Lease(connection, names.role, signal);
      const cancel = () => connection.cancel();
      signal.addEventListener('abort', cancel);
      try {
        return await work(lease);
      } finally {
        lease.isOver = true;
        signal.removeEventListener('abort', cancel);
        pool.release(names, connection);
      }
    },
    stats: () => pool.stats(),
    close: () => pool.close(),
  };
}

/** The connection as one request sees it, until it ends the lease. */
class Lease implements StatementRunner {
  isOver = false;
  readonly #connection: ProjectConnection;
  readonly #role: string;
  readonly #signal: Cancellation;

  constructor(connection: ProjectConnection, role: string, signal: Cancellation) {
    this.#connection = connection;
    this.#role = role;
    this.#signal = signal;
  }

  async run(statement: BoundStatement): Promise<Rows> {
    const connection = this.#connection;
    for (let { running } = connection; running !== null; { running } = connection) await running;
    this.#signal.throwIfAborted();
    if (this.isOver) throw new Error('The lease of this connection is over.');
    return connection.run(statement, this.#role, this.#signal);
  }
}
