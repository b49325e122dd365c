import type { Cancellation } from '../../platform/cancellation.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import type { BoundStatement, Rows, StatementRunner } from '../../engine/runtime.ts';
import { createConnectionPool, type PoolStats } from './connection-pool.ts';
import { openProjectConnection, type ProjectConnection } from './project-connection.ts';
import { createLanes } from './lanes.ts';

/** Connections on which requests run as their project's role. */
export interface ProjectConnections {
  /**
   * Gives `work` a connection of its own, bound to the project's role, until its promise settles. What it
   * leaves behind, such as an open transaction, is undone.
   *
   * @throws RequestError `OVERLOADED` when none came free in time, too many wait already, or PostgreSQL takes none
   * @throws the signal's reason when the client goes away; what runs is cancelled
   */
  use<T>(
    names: ProjectNames,
    signal: Cancellation,
    work: (runner: StatementRunner) => Promise<T>,
  ): Promise<T>;
  /**
   * Runs one statement, which is a transaction of its own. It may share a connection with others of the same project.
   *
   * @throws as `use` and `StatementRunner.run`; what an aborted request has sent is cancelled where nobody else waits
   *   for the connection's answers, and else left to end by itself
   */
  run(names: ProjectNames, statement: BoundStatement, signal: Cancellation): Promise<Rows>;
  stats(): PoolStats;
  /** Waits a little for requests under way, then ends every connection. May be called again. */
  close(): Promise<void>;
}

export interface ProjectConnectionsOptions {
  readonly connectionString: string;
  /** The most connections at a time. One project has at most three quarters of them, but at least one. */
  readonly size: number;
  /** Told of each connection that PostgreSQL would not take. */
  readonly onTrouble: (error: unknown) => void;
  /** @default 2000 */
  readonly maxWaitMs?: number;
  /** Requests that may wait at a time; of one project, a quarter of them. @default 1000 */
  readonly maxWaiting?: number;
  /** After so long the server gives up a statement. @default 10000 */
  readonly statementTimeoutMs?: number;
  /** Prepared statements per connection, each of 24 to 82 kB there. @default 100 */
  readonly maxStatements?: number;
  /** A connection that has served so many projects is replaced: what it keeps of tables only grows. @default 100 */
  readonly maxProjects?: number;
  /** So is one of this age. @default 1800000 */
  readonly maxAgeMs?: number;
  /** @default 5000 */
  readonly closeTimeoutMs?: number;
}

/** Opens connections as they are needed, none before. */
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
    async use(names, signal, work) {
      const taken = pool.acquire(names, signal);
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

/** The connection as one request sees it, for as long as it holds it. */
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
    if (this.isOver) throw new Error('The request has given its connection back.');
    return connection.run(statement, this.#role, this.#signal);
  }
}
