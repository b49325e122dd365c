import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { PrismaClient, type Prisma } from '#prisma';
import { endPool } from './end-pool.ts';

/** Prisma's client for Tessera's own data. */
export type Db = PrismaClient;

/** The same inside `db.$transaction(async (tx) => …)`. */
export type Tx = Prisma.TransactionClient;

export interface Database {
  readonly prisma: Db;
  /** The connections under `prisma`, for what Prisma cannot say. */
  readonly pool: pg.Pool;
  /** Waits for queries under way. May be called again. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly connectionString: string;
  /** The most connections at a time; further queries wait for one, at most two seconds. */
  readonly poolSize: number;
  /** What an operator sees in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly logger: Logger;
  /** After so long the server gives up a statement, in milliseconds. @default 10000 */
  readonly statementTimeoutMs?: number;
  /** Takes the gauge `tessera_database_connections`. */
  readonly metrics?: Registry;
}

const connectionTimeoutMs = 2_000;
const defaultStatementTimeoutMs = 10_000;
const idleInTransactionTimeoutMs = 10_000;
/** Ours is later by this, for a server that does not even answer that it gave up. */
const queryTimeoutGraceMs = 5_000;

/** Opens the pool and Prisma on it. Connects at the first query, not before. */
export function createDatabase(options: DatabaseOptions): Database {
  const { connectionString, poolSize, applicationName, logger, metrics } = options;
  const { statementTimeoutMs = defaultStatementTimeoutMs } = options;
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: connectionTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + queryTimeoutGraceMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    keepAlive: true,
    // Prisma's adapter takes every timestamp for UTC, whatever the server's own time zone is.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg-pool waits for it; its types lag
    onConnect: (client) => client.query("SET TIME ZONE 'UTC'"),
  });
  // Without a listener, a connection that breaks while idle would end the process.
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

function measure(pool: pg.Pool, registry: Registry): void {
  new Gauge({
    name: 'tessera_database_connections',
    help: 'Connections in the pool of the management data, and queries that wait for one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}
