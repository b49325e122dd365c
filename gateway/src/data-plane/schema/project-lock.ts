import { literal, sql, type Sql } from '../../engine/migrations.ts';

/**
 * Takes the lock of a project until the end of the transaction. Its schema and its system tables change only under this
 * lock. The function is called in FROM because clients such as Prisma cannot read its result, which has type void.
 */
export function projectLock(schema: string): Sql {
  return sql`SELECT FROM pg_advisory_xact_lock(hashtextextended(${literal(`tessera:schema:${schema}`)}, 0))`;
}
