import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { PrismaClient, type Prisma } from '#prisma';
import { endPool } from './end-pool.ts';

/** The Prisma client for the control plane's data. */
export type Db = PrismaClient;

/** The Prisma client inside `db.$transaction(async (tx) => …)`. */
export type Tx = Prisma.TransactionClient;

export interface Database {
  readonly prisma: Db;
  /** The connection pool that `prisma` uses. Use it directly for SQL that Prisma cannot express. */
  readonly pool: pg.Pool;
  /** Waits for running queries and closes all connections. Can be called more than once. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly connectionString: string;
  /** Maximum number of connections. Further queries wait up to two seconds for a connection. */
  readonly poolSize: number;
  /** The application name of the connections in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly logger: Logger;
  /** The time after which the server cancels a statement, in milliseconds. @default 10000 */
  readonly statementTimeoutMs?: number;
  /** The registry for the gauge `tessera_database_connections`. */
  readonly metrics?: Registry;
}

const connectionTimeoutMs = 2_000;
const defaultStatementTimeoutMs = 10_000;
const idleInTransactionTimeoutMs = 10_000;
/**
 * The client's timeout exceeds the server's by this amount. The client's timeout applies if the server does not respond
 * at all.
 */
const queryTimeoutGraceMs = 5_000;

/** Creates a pool and a Prisma client that uses it. The first query opens the first connection. */
export function createDatabase(options: DatabaseOptions): Database {
  const { connectionString, poolSize, applicationName, logger, metrics } = options;
  const { statementTimeoutMs = defaultStatementTimeoutMs } = options;
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: connectionTimeoutMs,
    query_timeout: statementTimeoutMs + queryTimeoutGraceMs,
    keepAlive: true,
    // PgBouncer refuses connections whose startup message contains these settings.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg-pool awaits it, but its types do not say so
    onConnect: (client) => client.query(sessionSettings(statementTimeoutMs)),
  });
  // Without a listener, the loss of an idle connection would terminate the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'An idle database connection was lost'));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  if (metrics !== undefined) measure(pool, metrics);
  let closed: Promise<void> | null = null;
  const close = async () => {
    await prisma.$disconnect();
    await endPool(pool);
  };
  return { prisma, pool, close: () => (closed ??= close()) };
}

/** Prisma's adapter interprets every timestamp as UTC, regardless of the server's time zone. */
function sessionSettings(statementTimeoutMs: number): string {
  return (
    `SET TIME ZONE 'UTC'; SET statement_timeout = ${statementTimeoutMs}; ` +
    `SET idle_in_transaction_session_timeout = ${idleInTransactionTimeoutMs}`
  );
}

function measure(pool: pg.Pool, registry: Registry): void {
  new Gauge({
    name: 'tessera_database_connections',
    help: "Connections in the management API's pool and queries waiting for a connection, by state.",
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}
