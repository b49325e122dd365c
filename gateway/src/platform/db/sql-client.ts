import { z } from 'zod';

import type { Tx } from './database.ts';

/** A connection with the same interface as in `pg`. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** Prisma's error for a failed raw statement (P2010), which contains details from @prisma/adapter-pg. */
const failedStatement = z.object({
  meta: z.object({
    driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }),
  }),
});

/**
 * Wraps a Prisma transaction in an interface like that of `pg`, because the engine does not use Prisma. The engine's
 * changes commit together with the rest of the transaction. As in `pg`, the `code` of an error is PostgreSQL's
 * SQLSTATE.
 */
export function clientOf(tx: Tx): SqlClient {
  return {
    async query(text, values = []) {
      try {
        return { rows: await tx.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values) };
      } catch (error) {
        const known = failedStatement.safeParse(error);
        if (!known.success) throw error;
        const { originalCode: code } = known.data.meta.driverAdapterError.cause;
        throw Object.assign(new Error('A statement failed.', { cause: error }), { code });
      }
    },
  };
}
