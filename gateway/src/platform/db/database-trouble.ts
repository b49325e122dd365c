import { z } from 'zod';

/**
 * The reason why a correct statement failed: no connection was free or the statement timed out (`busy`), a concurrent
 * change interfered (`conflict`), or the server was not available (`unreachable`).
 */
export type DatabaseTrouble = 'busy' | 'conflict' | 'unreachable';

const fromPrisma = z.object({
  code: z.string(),
  meta: z
    .object({
      driverAdapterError: z
        .object({
          cause: z.object({ kind: z.string(), originalCode: z.string().optional() }),
        })
        .optional(),
    })
    .optional(),
});

const fromDriver = z.object({ code: z.string().length(5) });

/** Prisma's error codes (Prisma error reference) and the error kinds of its driver adapters. */
const prismaTroubles: Readonly<Record<string, DatabaseTrouble>> = {
  P1001: 'unreachable',
  P1002: 'unreachable',
  P1017: 'unreachable',
  P2024: 'busy',
  P2028: 'busy',
  P2034: 'conflict',
  P2037: 'busy',
  ConnectionClosed: 'unreachable',
  DatabaseNotReachable: 'unreachable',
  SocketTimeout: 'busy',
  TooManyConnections: 'busy',
  TransactionWriteConflict: 'conflict',
};

/** SQLSTATEs (PostgreSQL manual, appendix A). */
const sqlStateTroubles: Readonly<Record<string, DatabaseTrouble>> = {
  '40001': 'conflict', // serialization_failure
  '40P01': 'conflict', // deadlock_detected
  '53300': 'busy', // too_many_connections
  '55P03': 'busy', // lock_not_available
  '57014': 'busy', // query_canceled, caused by our statement timeout
  '57P01': 'unreachable', // admin_shutdown
  '57P02': 'unreachable', // crash_shutdown
  '57P03': 'unreachable', // cannot_connect_now
};

/** Classifies an error from Prisma or `pg`. Returns null for any other error. */
export function databaseTrouble(error: unknown): DatabaseTrouble | null {
  const prisma = fromPrisma.safeParse(error);
  if (prisma.success) {
    const { code, meta } = prisma.data;
    const cause = meta?.driverAdapterError?.cause;
    const known =
      sqlStateTroubles[cause?.originalCode ?? ''] ??
      prismaTroubles[cause?.kind ?? ''] ??
      prismaTroubles[code];
    if (known !== undefined) return known;
  }
  const driver = fromDriver.safeParse(error);
  if (driver.success) return sqlStateTroubles[driver.data.code] ?? null;
  // If no connection becomes available in time, the error from `pg.Pool` has no code.
  return error instanceof Error &&
    error.message.startsWith('timeout exceeded when trying to connect')
    ? 'busy'
    : null;
}
