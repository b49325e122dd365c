import type { Cancellation } from '../../platform/cancellation.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import type { BoundStatement, Rows, StatementRunner } from '../../engine/runtime.ts';
import { createConnectionPool, type PoolStats } from './connection-pool.ts';
import { withoutLimit, type ReserveRow, type RowMemory } from './exchange.ts';
import {
  openProjectConnection,
  type ProjectConnection,
  type StatementRequest,
} from './project-connection.ts';
import { createLanes } from './lanes.ts';

/** Connections that run requests with their project's role. */
export interface ProjectConnections {
  /**
   * Leases a connection with the project's role to `work` until its promise settles. Any state that `work` leaves
   * behind, such as an open transaction, is undone.
   * @throws RequestError `OVERLOADED` if no connection became available in time, too many requests are waiting, or
   * PostgreSQL refuses connections
   * @throws the signal's reason if the client disconnects; the running statement is cancelled
   * @param reserveRow called with the length of each row before the row is received; the default accepts all rows
   */
  lease<T>(
    names: ProjectNames,
    signal: Cancellation,
    work: (runner: StatementRunner) => Promise<T>,
    reserveRow?: ReserveRow,
  ): Promise<T>;
  /**
   * Runs one statement in its own transaction. The statement can be pipelined with other statements of its project.
   * @throws the same errors as `lease` and `StatementRunner.run`. The statement of an aborted request is cancelled if
   * no other request is waiting for a response on the connection. Otherwise, it runs to completion.
   * @param memory by default, all rows are accepted
   * @throws the error of `memory.reserve`; the statement has then been committed
   * @throws the error of `memory.begin`
   */
  run(
    names: ProjectNames,
    statement: BoundStatement,
    signal: Cancellation,
    memory?: RowMemory,
  ): Promise<Rows>;
  /**
   * Makes all connections set the project's role again. A session that uses a role keeps its OID, so it loses its
   * privileges if the role is dropped and created again.
   */
  forgetRole(names: ProjectNames): void;
  stats(): PoolStats;
  /** Waits up to `closeTimeoutMs` for running requests, then ends every connection. Can be called more than once. */
  close(): Promise<void>;
}

export interface ProjectConnectionsOptions {
  readonly connectionString: string;
  /** Maximum number of connections. One project can use at most half of them, but at least one. */
  readonly size: number;
  /** Called for each connection that could not be opened. */
  readonly onTrouble: (error: unknown) => void;
  /** @default 2000 */
  readonly maxWaitMs?: number;
  /** Maximum number of waiting requests. One project can have at most a quarter of them. @default 1000 */
  readonly maxWaiting?: number;
  /** The server's statement timeout. @default 10000 */
  readonly statementTimeoutMs?: number;
  /** Maximum number of prepared statements per connection. Each takes 24 to 82 kB on the server. @default 100 */
  readonly maxStatements?: number;
  /**
   * A connection that has served this many projects is replaced, because its cache of table metadata never shrinks.
   * @default 100
   */
  readonly maxProjects?: number;
  /** Maximum age of a connection before it is replaced. @default 1800000 */
  readonly maxAgeMs?: number;
  /** @default 5000 */
  readonly closeTimeoutMs?: number;
}

const unlimited: RowMemory = { reserve: withoutLimit };

/** How long a request waits for a connection, and how long one of its statements can run. */
export const projectTimeLimits = { waitMs: 2_000, statementMs: 10_000 } as const;

/** Creates project connections, which are opened on demand. */
export function createProjectConnections(options: ProjectConnectionsOptions): ProjectConnections {
  const { connectionString, size, onTrouble } = options;
  const {
    maxWaitMs = projectTimeLimits.waitMs,
    statementTimeoutMs = projectTimeLimits.statementMs,
    maxStatements = 100,
  } = options;
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
    run: (names, statement, signal, memory = unlimited) =>
      lanes.run(names, statement, { signal, memory }),
    async lease(names, signal, work, reserveRow = withoutLimit) {
      const taken = pool.lease(names, signal);
      const connection = taken instanceof Promise ? await taken : taken;
      const lease = new Lease(connection, names.role, { signal, reserveRow });
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
    forgetRole: ({ role }) => pool.forgetRole(role),
    stats: () => pool.stats(),
    close: () => pool.close(),
  };
}

/** One request's view of a connection, valid until the lease ends. */
class Lease implements StatementRunner {
  isOver = false;
  readonly #connection: ProjectConnection;
  readonly #role: string;
  readonly #request: StatementRequest;

  constructor(connection: ProjectConnection, role: string, request: StatementRequest) {
    this.#connection = connection;
    this.#role = role;
    this.#request = request;
  }

  async run(statement: BoundStatement): Promise<Rows> {
    const connection = this.#connection;
    for (let { running } = connection; running !== null; { running } = connection) await running;
    this.#request.signal.throwIfAborted();
    if (this.isOver) throw new Error('The lease of this connection has ended.');
    return connection.run(statement, this.#role, this.#request);
  }
}
