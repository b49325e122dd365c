import { ident, literal, renderStandalone, sql } from '../sql/sql.ts';
import { systemNames } from './system-names.ts';
import { changeLogSet } from './system-set.ts';

/** The statements that read the change log of a project. Their parameters are `$1`, `$2`, … */
export interface LogStatements {
  /**
   * Takes the lock of the readers. It is a statement of its own, so that the next one sees what earlier readers have
   * written. Returns whether transactions are running that have written to the log, and the version of the log's objects.
   */
  readonly lock: string;
  /**
   * Gives positions to the transactions that have become visible since the last time, in the order of their highest
   * numbers. Returns the state of the log.
   */
  readonly assign: string;
  /** Begins a new epoch: empties the log. */
  readonly renew: string;
  /** The markers of applies after position `$1`. */
  readonly markers: string;
  /** At most `$3` changes, and at most about `$4` bytes, after number `$2` of the transaction at position `$1`. */
  readonly page: string;
  /** Renames the members of the objects `$1` as the objects `$2` say. A member that becomes null is left out. */
  readonly rename: string;
  /**
   * The values `$1` of columns of a table as the log has them: `{ "id": "…" }`, with numbers and booleans as text. The
   * session must have the settings of the function that logs changes.
   */
  readonly keyOf: (table: string) => string;
  /** Blanks the images of the rows with one of the keys `$2`, whose values are text, in the tables `$1`. */
  readonly erase: string;
  /** Moves the beginning of the log after the commits that are older than `$1` seconds or beyond the newest `$2` bytes. */
  readonly shorten: string;
  /** Deletes up to `$1` changes before the beginning of the log. */
  readonly deleteChanges: string;
  /** Deletes the commits before the beginning of the log that have no changes anymore. */
  readonly deleteCommits: string;
  /** The size of the log and the time of its first commit. */
  readonly figures: string;
}

export function logStatements(schema: string): LogStatements {
  const on = (name: string) => ident(schema, name);
  const [changes, commits, log] = [systemNames.changes, systemNames.commits, systemNames.log].map(
    on,
  ) as [ReturnType<typeof on>, ReturnType<typeof on>, ReturnType<typeof on>];
  const cluster = sql`${on(systemNames.clusterFunction)}()`;
  const keyText = sql`(SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each_text(c.key) AS e)`;
  const bytesOf = sql`coalesce(pg_column_size(c.old), 0) + coalesce(pg_column_size(c.new), 0) + coalesce(pg_column_size(c.key), 0) + 100`;
  const statements = {
    lock: sql`SELECT pg_advisory_xact_lock(hashtextextended(${literal(`tessera:changes:${schema}`)}, 0))::text,
  EXISTS (SELECT FROM pg_locks AS l WHERE l.locktype = 'relation' AND l.relation = to_regclass(${literal(renderStandalone(changes))})
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.mode = 'RowExclusiveLock' AND l.granted) AS pending,
  (SELECT version FROM ${on(systemNames.versions)} WHERE name = ${literal(changeLogSet.name)}) AS version`,
    // Transactions that the last snapshot did not see: those that began later, and those that were running.
    assign: sql`WITH state AS MATERIALIZED (
  SELECT *, ${cluster} <> cluster OR pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot()) AS "isForeign" FROM ${log}
), fresh AS (
  SELECT c.xid, max(c.seq) AS last_seq, sum(${bytesOf}) AS bytes FROM (
    SELECT * FROM ${changes} WHERE xid >= (SELECT pg_snapshot_xmax(snapshot) FROM state)
    UNION ALL
    SELECT * FROM ${changes} WHERE xid = ANY (ARRAY(SELECT pg_snapshot_xip(snapshot) FROM state))
  ) AS c WHERE NOT (SELECT "isForeign" FROM state) GROUP BY c.xid
), assigned AS (
  INSERT INTO ${commits} (pos, xid, at, last_seq, bytes)
  SELECT s.last_pos + row_number() OVER (ORDER BY f.last_seq), f.xid, clock_timestamp(), f.last_seq, f.bytes
  FROM fresh AS f, state AS s
  ON CONFLICT (xid) DO NOTHING RETURNING pos, bytes
), saved AS (
  UPDATE ${log} AS l SET snapshot = pg_current_snapshot(), last_pos = a.pos, bytes = l.bytes + a.bytes
  FROM (SELECT max(pos) AS pos, sum(bytes)::bigint AS bytes FROM assigned) AS a WHERE a.pos IS NOT NULL
  RETURNING l.last_pos
)
SELECT s.epoch::text, s."isForeign", coalesce((SELECT last_pos FROM saved), s.last_pos)::text AS last_pos, s.trimmed_pos::text FROM state AS s`,
    renew: sql`WITH emptied AS (DELETE FROM ${changes}), forgotten AS (DELETE FROM ${commits})
UPDATE ${log} SET epoch = gen_random_uuid(), cluster = ${cluster}, snapshot = pg_current_snapshot(), bytes = 0, trimmed_pos = last_pos`,
    markers: sql`SELECT k.pos::text, c.new::text AS marker FROM ${changes} AS c JOIN ${commits} AS k ON k.xid = c.xid
WHERE c.operation = 'M' AND k.pos > $1::bigint ORDER BY k.pos`,
    page: sql`SELECT * FROM (
  SELECT p.*, sum(p.size) OVER (ORDER BY p.number, p.seq) - p.size AS before FROM (
    SELECT k.pos AS number, k.pos::text, k.at, c.seq, c.seq = k.last_seq AS "isLast", c.source, c.operation::text,
      ${keyText}::text AS key, c.changed,
      c.old::text, c.new::text, c.left_out, ${bytesOf} AS size
    FROM (SELECT * FROM ${commits} WHERE pos >= $1::bigint ORDER BY pos LIMIT $3::int + 1) AS k
      CROSS JOIN LATERAL (
        SELECT * FROM ${changes} AS c WHERE c.xid = k.xid AND (k.pos > $1::bigint OR c.seq > $2::bigint)
        ORDER BY c.seq LIMIT $3::int + 1
      ) AS c
    ORDER BY k.pos, c.seq LIMIT $3::int + 1
  ) AS p
) AS q WHERE q.before < $4::bigint ORDER BY q.number, q.seq`,
    rename: sql`SELECT (SELECT jsonb_object_agg(coalesce(r.names ->> e.key, e.key), e.value)
    FROM jsonb_each(r.image) AS e WHERE jsonb_typeof(r.names -> e.key) IS DISTINCT FROM 'null')::text AS image
FROM unnest($1::jsonb[], $2::jsonb[]) WITH ORDINALITY AS r (image, names, n) ORDER BY r.n`,
    erase: sql`UPDATE ${changes} AS c SET old = NULL, new = NULL, left_out = ARRAY['*']
WHERE c.source = ANY ($1::text[]) AND ${keyText} = ANY ($2::jsonb[]) RETURNING 1 AS one`,
    shorten: sql`WITH gone AS (
  SELECT max(k.pos) AS pos FROM (
    SELECT pos, at, bytes, sum(bytes) OVER (ORDER BY pos DESC) AS newest FROM ${commits}
    WHERE pos > (SELECT trimmed_pos FROM ${log})
  ) AS k WHERE k.at < clock_timestamp() - make_interval(secs => $1::float8) OR k.newest > $2::bigint
)
UPDATE ${log} AS l SET trimmed_pos = g.pos, bytes = (SELECT coalesce(sum(bytes), 0)::bigint FROM ${commits} WHERE pos > g.pos)
FROM gone AS g WHERE g.pos IS NOT NULL`,
    deleteChanges: sql`WITH gone AS MATERIALIZED (
  SELECT c.xid, c.seq FROM ${commits} AS k JOIN ${changes} AS c ON c.xid = k.xid
  WHERE k.pos <= (SELECT trimmed_pos FROM ${log}) ORDER BY k.pos LIMIT $1::int
)
DELETE FROM ${changes} AS c USING gone AS g WHERE c.xid = g.xid AND c.seq = g.seq RETURNING 1 AS one`,
    deleteCommits: sql`DELETE FROM ${commits} AS k WHERE k.pos <= (SELECT trimmed_pos FROM ${log})
  AND NOT EXISTS (SELECT FROM ${changes} AS c WHERE c.xid = k.xid)`,
    figures: sql`SELECT l.bytes::float8 AS bytes,
  (SELECT k.at FROM ${commits} AS k WHERE k.pos > l.trimmed_pos ORDER BY k.pos LIMIT 1) AS "oldestAt" FROM ${log} AS l`,
  };
  const rendered = Object.entries(statements).map(([name, text]) => [name, renderStandalone(text)]);
  // The names are those of `statements`.
  const fixed = Object.fromEntries(rendered) as Record<keyof typeof statements, string>;
  const keyOf = (table: string) =>
    renderStandalone(sql`SELECT jsonb_object_agg(e.key, e.value)::text AS key
FROM jsonb_each_text(to_jsonb(jsonb_populate_record(NULL::${on(table)}, $1::jsonb))) AS e WHERE $1::jsonb ? e.key`);
  return { ...fixed, keyOf };
}

/** The last numbers that were drawn for changes, by ref: 0 before the first one, null if there is no change log. */
export const lastNumbers = renderStandalone(sql`SELECT r.ref,
  CASE WHEN s.sequence IS NOT NULL THEN coalesce(pg_sequence_last_value(s.sequence), 0) END::text AS last
FROM unnest($1::text[]) AS r (ref),
  LATERAL (SELECT to_regclass(quote_ident('p_' || r.ref) || ${literal(`."${systemNames.sequence}"`)}) AS sequence) AS s`);

/** The refs of at most `$2` projects with a change log that follow `$1` in alphabetical order. */
export const loggedProjects = renderStandalone(sql`SELECT substr(n.nspname, 3) AS ref
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = ${literal(systemNames.log)} AND n.nspname ~ '^p_[a-z0-9]{16}$' AND substr(n.nspname, 3) > $1
ORDER BY 1 LIMIT $2::int`);
