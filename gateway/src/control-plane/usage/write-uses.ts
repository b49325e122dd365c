import { Prisma } from '#prisma';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { Tally } from './tallies.ts';

/** Adds what was counted of keys to their days, and moves on when they were last used: both, or neither. */
export async function writeKeyUses(db: Db, tallies: readonly Tally[]): Promise<void> {
  await db.$transaction(async (tx) => {
    await writeLastUses(tx, tallies);
    await tx.$executeRaw`
      WITH held AS (
        SELECT id FROM tessera.api_keys
        WHERE id = ANY(${tallies.map(({ id }) => id)}::uuid[]) FOR KEY SHARE SKIP LOCKED
      )
      INSERT INTO tessera.api_key_usage_days AS known (api_key_id, day, requests, errors)
      SELECT held.id, used.day, used.requests, used.errors
      FROM ${rowsOf(tallies)} JOIN held USING (id) ORDER BY held.id, used.day
      ON CONFLICT (api_key_id, day) DO UPDATE
        SET requests = known.requests + excluded.requests, errors = known.errors + excluded.errors`;
  });
}

/** Adds what was counted of projects to their days. */
export async function writeProjectUses(db: Db, tallies: readonly Tally[]): Promise<void> {
  await db.$executeRaw`
    WITH held AS (
      SELECT id FROM tessera.projects
      WHERE id = ANY(${tallies.map(({ id }) => id)}::uuid[]) FOR KEY SHARE SKIP LOCKED
    )
    INSERT INTO tessera.project_usage_days AS known (project_id, day, requests, errors)
    SELECT held.id, used.day, used.requests, used.errors
    FROM ${rowsOf(tallies)} JOIN held USING (id) ORDER BY held.id, used.day
    ON CONFLICT (project_id, day) DO UPDATE
      SET requests = known.requests + excluded.requests, errors = known.errors + excluded.errors`;
}

/**
 * What is being deleted holds its row, and is passed over: a batch that waited for one deletion while it holds rows
 * of another could wait in a circle with it. Instances write in one order, so they only ever wait in line.
 */
function rowsOf(tallies: readonly Tally[]): Prisma.Sql {
  return Prisma.sql`unnest(
      ${tallies.map(({ id }) => id)}::uuid[], ${tallies.map(({ day }) => day)}::date[],
      ${tallies.map(({ requests }) => String(requests))}::bigint[],
      ${tallies.map(({ errors }) => String(errors))}::bigint[]
    ) AS used (id, day, requests, errors)`;
}

/** Passes over keys that somebody changes at this very moment: the next batch comes soon. */
async function writeLastUses(tx: Tx, tallies: readonly Tally[]): Promise<void> {
  const moments = tallies.map(({ lastAt }) => lastAt.toISOString());
  await tx.$executeRaw`
    WITH used AS (
      SELECT id, max(at) AS at
      FROM unnest(${tallies.map(({ id }) => id)}::uuid[], ${moments}::timestamptz[]) AS each (id, at)
      GROUP BY id
    ), free AS (
      SELECT k.id, used.at FROM used JOIN tessera.api_keys AS k ON k.id = used.id
      WHERE k.last_used_at IS NULL OR k.last_used_at < used.at
      FOR NO KEY UPDATE OF k SKIP LOCKED
    )
    UPDATE tessera.api_keys AS k SET last_used_at = free.at FROM free WHERE k.id = free.id`;
}
