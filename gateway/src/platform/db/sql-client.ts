import { z } from 'zod';

import type { Tx } from './database.ts';

/** One connection in `pg`'s manner. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** What Prisma knows of a failed raw statement (P2010), as @prisma/adapter-pg fills it. */
const failedStatement = z.object({
  meta: z.object({
    driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }),
  }),
});

/**
 * A Prisma transaction in `pg`'s manner, for the engine, which knows no Prisma: what it changes commits
 * with everything else in the transaction, and its errors carry PostgreSQL's code as `code`, as `pg`'s do.
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
