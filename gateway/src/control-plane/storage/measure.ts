import { Prisma } from '#prisma';

import type { Db } from '../../platform/db/database.ts';

/** The number of projects that one round measures. Those that were measured the longest ago come first. */
const projectsPerRound = 500;

/** Projects that another gateway measured within this time are not measured again. */
const freshForSeconds = 10;

/** Only one gateway measures at a time. The number has no meaning. */
const lockKey = 7_305_812;

/**
 * Measures the tables of up to `limit` projects: rows, indexes and TOAST. Does nothing while another gateway measures.
 *
 * A project is skipped while one of its tables is locked exclusively, because reading the size of that table would wait
 * for the change to its schema.
 * @param only measures only this project, however recently it was measured
 */
export async function measureProjects(
  db: Db,
  { limit = projectsPerRound, only = null }: { limit?: number; only?: string | null } = {},
): Promise<void> {
  const isDue =
    only === null
      ? Prisma.sql`(s.measured_at IS NULL OR s.measured_at < now() - make_interval(secs => ${freshForSeconds}))`
      : Prisma.sql`p.id = ${only}::uuid`;
  await db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<{ held: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(${lockKey}::bigint) AS held`;
    if (lock?.held !== true) return;
    await tx.$executeRaw`SET LOCAL lock_timeout = '1s'`;
    await tx.$executeRaw`
      WITH due AS MATERIALIZED (
        SELECT p.id, n.oid AS namespace
        FROM tessera.projects AS p
          JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'p_' || p.ref
          LEFT JOIN tessera.project_storage AS s ON s.project_id = p.id
        WHERE ${isDue}
          AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_locks AS l
              JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
            WHERE l.mode = 'AccessExclusiveLock' AND l.granted AND c.relnamespace = n.oid
              AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
        ORDER BY s.measured_at NULLS FIRST, p.id
        LIMIT ${limit}::int
      ), sizes AS (
        SELECT due.id, coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::bigint AS bytes
        FROM due
          LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = due.namespace AND c.relkind IN ('r', 'm')
        GROUP BY due.id
      )
      INSERT INTO tessera.project_storage (project_id, used_bytes, measured_at)
      SELECT id, bytes, clock_timestamp() FROM sizes
      ON CONFLICT (project_id) DO UPDATE
        SET used_bytes = EXCLUDED.used_bytes, measured_at = EXCLUDED.measured_at`;
  });
}

export interface StorageTotals {
  /** The refs of the projects that have reached their quota. */
  readonly full: readonly string[];
  /** The size of all projects together. */
  readonly bytes: number;
}

/** @param maxBytes the quota of projects without their own, or null for none */
export async function readTotals(db: Db, maxBytes: number | null): Promise<StorageTotals> {
  const [totals] = await db.$queryRaw<{ full: string[] | null; bytes: number }[]>`
    SELECT array_agg(p.ref) FILTER (WHERE s.used_bytes >= coalesce(s.quota_bytes, ${maxBytes}::bigint)) AS "full",
      coalesce(sum(s.used_bytes), 0)::float8 AS bytes
    FROM tessera.project_storage AS s JOIN tessera.projects AS p ON p.id = s.project_id`;
  return { full: totals?.full ?? [], bytes: totals?.bytes ?? 0 };
}
