import { Prisma } from '#prisma';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { DailyUsage } from './pending-usage.ts';

/** Adds usage to the keys' daily totals and updates their last-used times, in one transaction. */
export async function writeKeyUsage(db: Db, usage: readonly DailyUsage[]): Promise<void> {
  await db.$transaction(async (tx) => {
    await writeLastUsedAt(tx, usage);
    await tx.$executeRaw`
      WITH locked AS (
        SELECT id FROM tessera.api_keys
        WHERE id = ANY(${usage.map(({ id }) => id)}::uuid[]) FOR KEY SHARE SKIP LOCKED
      )
      INSERT INTO tessera.api_key_usage_days AS known (api_key_id, day, requests, errors)
      SELECT locked.id, used.day, used.requests, used.errors
      FROM ${rowsOf(usage)} JOIN locked USING (id) ORDER BY locked.id, used.day
      ON CONFLICT (api_key_id, day) DO UPDATE
        SET requests = known.requests + excluded.requests, errors = known.errors + excluded.errors`;
  });
}

/** Adds usage to the projects' daily totals. */
export async function writeProjectUsage(db: Db, usage: readonly DailyUsage[]): Promise<void> {
  await db.$executeRaw`
    WITH locked AS (
      SELECT id FROM tessera.projects
      WHERE id = ANY(${usage.map(({ id }) => id)}::uuid[]) FOR KEY SHARE SKIP LOCKED
    )
    INSERT INTO tessera.project_usage_days AS known (project_id, day, requests, errors)
    SELECT locked.id, used.day, used.requests, used.errors
    FROM ${rowsOf(usage)} JOIN locked USING (id) ORDER BY locked.id, used.day
    ON CONFLICT (project_id, day) DO UPDATE
      SET requests = known.requests + excluded.requests, errors = known.errors + excluded.errors`;
}

/**
 * Returns usage as SQL rows. The statements above skip keys and projects that are locked because they are being
 * deleted. Waiting for these locks while holding other locks could cause a deadlock with another deletion. All
 * instances write in the same order, so they do not deadlock with each other.
 */
function rowsOf(usage: readonly DailyUsage[]): Prisma.Sql {
  return Prisma.sql`unnest(
      ${usage.map(({ id }) => id)}::uuid[], ${usage.map(({ day }) => day)}::date[],
      ${usage.map(({ requests }) => String(requests))}::bigint[],
      ${usage.map(({ errors }) => String(errors))}::bigint[]
    ) AS used (id, day, requests, errors)`;
}

/**
 * Updates the keys' last-used times. Skips keys that are locked by a concurrent change. A skipped key is updated by the
 * next batch that contains it.
 */
async function writeLastUsedAt(tx: Tx, usage: readonly DailyUsage[]): Promise<void> {
  const moments = usage.map(({ lastAt }) => lastAt.toISOString());
  await tx.$executeRaw`
    WITH used AS (
      SELECT id, max(at) AS at
      FROM unnest(${usage.map(({ id }) => id)}::uuid[], ${moments}::timestamptz[]) AS each (id, at)
      GROUP BY id
    ), free AS (
      SELECT k.id, used.at FROM used JOIN tessera.api_keys AS k ON k.id = used.id
      WHERE k.last_used_at IS NULL OR k.last_used_at < used.at
      FOR NO KEY UPDATE OF k SKIP LOCKED
    )
    UPDATE tessera.api_keys AS k SET last_used_at = free.at FROM free WHERE k.id = free.id`;
}
