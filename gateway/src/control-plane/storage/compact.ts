import pg from 'pg';

import { projectNames } from '../../engine/migrations.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';

/** Different from the lock of measurements, which take much less time. */
const lockKey = 7_305_813;
/** A full project is compacted at most this often. */
const everyMinutes = 5;
/** A project is compacted if it has deleted at least this share of its rows since the last time. */
const deletedShare = 0.05;

/**
 * Gives the space of deleted rows back, for one project that has reached its quota. PostgreSQL keeps this space for new
 * rows of the same table, but a full project cannot have new rows, and its size would never fall.
 *
 * `VACUUM FULL` locks a table while it copies the rows that are left. Only full projects are compacted, one at a time,
 * and a table that is in use is skipped.
 * @param maxBytes the quota of projects without their own, or null for none
 * @returns the id of the compacted project, or null if there was none
 */
export async function compactOneProject(
  pool: pg.Pool,
  maxBytes: number | null,
  logger: Logger,
): Promise<string | null> {
  const client = await pool.connect();
  let isClean = false;
  try {
    const { rows: locks } = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS held',
      [lockKey],
    );
    if (locks[0]?.held !== true) {
      isClean = true;
      return null;
    }
    const compacted = await compactNext(client, maxBytes, logger);
    await client.query('RESET lock_timeout');
    await client.query('SELECT pg_advisory_unlock($1)', [lockKey]);
    isClean = true;
    return compacted;
  } finally {
    client.release(!isClean);
  }
}

async function compactNext(
  client: pg.PoolClient,
  maxBytes: number | null,
  logger: Logger,
): Promise<string | null> {
  const { rows } = await client.query<{ id: string; ref: string; deleted: string }>(nextProject, [
    maxBytes,
    everyMinutes,
    deletedShare,
  ]);
  const [project] = rows;
  if (project === undefined) return null;
  const { id, ref, deleted } = project;
  await client.query(
    `UPDATE tessera.project_storage SET compacted_at = now(), deleted_rows = $2 WHERE project_id = $1`,
    [id, deleted],
  );
  await client.query(`SET lock_timeout = '2s'`);
  const { schema } = projectNames(ref);
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_catalog.pg_tables WHERE schemaname = $1 ORDER BY tablename`,
    [schema],
  );
  for (const { name } of tables) {
    const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
    await client.query(`VACUUM (FULL, ANALYZE) ${table}`).catch((error: unknown) => {
      if (!(error instanceof pg.DatabaseError)) throw error;
      // The table is in use or was dropped, or the disk has no room for the copy. The next run tries again.
      logger.warn({ err: error, ref }, 'Could not compact a table of a full project');
    });
  }
  logger.info({ ref, tables: tables.length }, 'Compacted a project that had reached its quota');
  return id;
}

const nextProject = `
  SELECT p.id, p.ref, counts.deleted
  FROM tessera.project_storage AS s
    JOIN tessera.projects AS p ON p.id = s.project_id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(t.n_tup_del), 0)::bigint AS deleted,
        coalesce(sum(t.n_live_tup), 0)::bigint AS live
      FROM pg_catalog.pg_stat_user_tables AS t
      WHERE t.schemaname = 'p_' || p.ref
    ) AS counts
  WHERE s.used_bytes >= coalesce(s.quota_bytes, $1::bigint)
    AND (s.compacted_at IS NULL OR s.compacted_at < now() - make_interval(mins => $2))
    AND counts.deleted > s.deleted_rows
    AND counts.deleted - s.deleted_rows >= $3::float8 * (counts.live + counts.deleted - s.deleted_rows)
  ORDER BY s.compacted_at NULLS FIRST
  LIMIT 1`;
