import { z } from 'zod';

/**
 * The reason why a correct statement failed. In all cases but `lost`, the statement and its transaction had no effect.
 *
 * - `busy`: no connection was free, or the statement timed out
 * - `conflict`: a concurrent change interfered
 * - `unavailable`: the server could not be reached, or it cannot run statements, for example because its disk is full
 * - `lost`: the connection was lost while a statement ran; a write or a COMMIT might have succeeded
 */
export type DatabaseTrouble = 'busy' | 'conflict' | 'unavailable' | 'lost';

const adapterCause = z.object({ kind: z.string(), originalCode: z.string().optional() });

const fromPrisma = z.object({
  code: z.string(),
  meta: z.object({ driverAdapterError: z.object({ cause: adapterCause }).optional() }).optional(),
});

/** Prisma does not convert the adapter's errors about BEGIN, COMMIT and ROLLBACK. */
const fromAdapter = z.object({ name: z.literal('DriverAdapterError'), cause: adapterCause });

const fromDriver = z.object({ code: z.string() });

/** Prisma's error codes (Prisma error reference) and the error kinds of its driver adapters. */
const prismaTroubles: Readonly<Record<string, DatabaseTrouble>> = {
  P1001: 'unavailable',
  P1002: 'unavailable',
  P1017: 'lost',
  P2024: 'busy',
  P2028: 'busy',
  P2034: 'conflict',
  P2037: 'busy',
  ConnectionClosed: 'lost',
  DatabaseNotReachable: 'unavailable',
  SocketTimeout: 'lost',
  TooManyConnections: 'busy',
  TransactionWriteConflict: 'conflict',
};

/** SQLSTATEs (PostgreSQL manual, appendix A). */
const sqlStateTroubles: Readonly<Record<string, DatabaseTrouble>> = {
  '08001': 'unavailable', // sqlclient_unable_to_establish_sqlconnection
  '08004': 'unavailable', // sqlserver_rejected_establishment_of_sqlconnection
  '25006': 'unavailable', // read_only_sql_transaction, for example on a standby
  '25P03': 'busy', // idle_in_transaction_session_timeout
  '25P04': 'busy', // transaction_timeout
  '40001': 'conflict', // serialization_failure
  '40003': 'lost', // statement_completion_unknown
  '40P01': 'conflict', // deadlock_detected
  '53300': 'busy', // too_many_connections
  '55P03': 'busy', // lock_not_available
  '57014': 'busy', // query_canceled, caused by our statement timeout
  '57P01': 'lost', // admin_shutdown
  '57P02': 'lost', // crash_shutdown
  '57P03': 'unavailable', // cannot_connect_now
  '57P04': 'unavailable', // database_dropped
  '57P05': 'lost', // idle_session_timeout
  '58000': 'unavailable', // system_error
  '58030': 'unavailable', // io_error
};

/** The troubles of whole SQLSTATE classes, for codes that are not in `sqlStateTroubles`. */
const classTroubles: Readonly<Record<string, DatabaseTrouble>> = {
  '08': 'lost', // connection_exception
  '53': 'unavailable', // insufficient_resources: disk full, out of memory
};

/** Node's error codes for sockets and for names of hosts. */
const socketTroubles: Readonly<Record<string, DatabaseTrouble>> = {
  EAI_AGAIN: 'unavailable',
  ECONNREFUSED: 'unavailable',
  EHOSTUNREACH: 'unavailable',
  ENETUNREACH: 'unavailable',
  ENOENT: 'unavailable', // the server's Unix socket does not exist
  ENOTFOUND: 'unavailable',
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  ETIMEDOUT: 'lost',
};

/** The beginnings of messages of `pg` and `pg-pool` errors that have no code. The first match counts. */
const messageTroubles: readonly (readonly [string, DatabaseTrouble])[] = [
  ['timeout exceeded when trying to connect', 'busy'],
  ['Connection terminated due to connection timeout', 'unavailable'],
  ['Connection terminated', 'lost'],
  ['Query read timeout', 'lost'],
  // The connection was lost before the statement was sent.
  ['Client has encountered a connection error', 'unavailable'],
  ['Client was closed', 'unavailable'],
];

/** Bounds the search through the causes of an error, which can be a cycle. */
const maxCauses = 5;

/** Classifies an error from Prisma or `pg`, or an error that one of them caused. Returns null for any other error. */
export function databaseTrouble(error: unknown): DatabaseTrouble | null {
  let origin = error;
  for (let depth = 0; depth < maxCauses && origin instanceof Error; depth += 1) {
    const trouble = troubleOf(origin);
    if (trouble !== null) return trouble;
    origin = origin.cause;
  }
  return null;
}

function troubleOf(error: Error): DatabaseTrouble | null {
  const prisma = fromPrisma.safeParse(error);
  if (prisma.success) {
    const { code, meta } = prisma.data;
    const known = ofAdapter(meta?.driverAdapterError?.cause) ?? prismaTroubles[code];
    if (known !== undefined) return known;
  }
  const adapter = fromAdapter.safeParse(error);
  if (adapter.success) return ofAdapter(adapter.data.cause) ?? null;
  const driver = fromDriver.safeParse(error);
  if (driver.success) {
    const { code } = driver.data;
    return socketTroubles[code] ?? ofSqlState(code) ?? null;
  }
  return messageTroubles.find(([start]) => error.message.startsWith(start))?.[1] ?? null;
}

function ofAdapter(cause: z.infer<typeof adapterCause> | undefined): DatabaseTrouble | undefined {
  return ofSqlState(cause?.originalCode ?? '') ?? prismaTroubles[cause?.kind ?? ''];
}

function ofSqlState(code: string): DatabaseTrouble | undefined {
  if (code.length !== 5) return undefined;
  return sqlStateTroubles[code] ?? classTroubles[code.slice(0, 2)];
}
