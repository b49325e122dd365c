import type { MigrationPlan } from '../../engine/migrations.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';
import { toSchemaChangeError } from './schema-change-error.ts';

/** A number of rows. If `isExact` is false, there are more rows. */
export interface RowCount {
  readonly rows: number;
  readonly isExact: boolean;
}

/** How many rows callers who are signed out can read. Null if the rows were not counted. */
export interface CountedPublicRows {
  readonly before: RowCount | null;
  readonly after: RowCount | null;
}

/** If rows up to the first limit are not found in time, the next one is tried. */
const attempts = [
  { limit: 100_000, timeoutMs: 2_000 },
  { limit: 1_000, timeoutMs: 1_000 },
] as const;

/** After this time, no more rows are counted. */
const totalMs = 6_000;

/**
 * Counts the rows that everyone can read before and after each step, in the order of the steps. It takes a limited
 * time. Call this in a transaction, before the first step runs.
 *
 * @returns null for steps that do not change which rows everyone can read
 * @throws SchemaChangeError
 */
export async function countPublicRows(
  client: SqlClient,
  plan: Pick<MigrationPlan, 'steps'>,
): Promise<readonly (CountedPublicRows | null)[]> {
  const deadline = performance.now() + totalMs;
  const known = new Map<string, RowCount | null>();
  const counted: (CountedPublicRows | null)[] = [];
  for (const { publicRows } of plan.steps) {
    const count = async (query: string | null) => {
      if (query === null) return null;
      const found = known.get(query);
      if (found !== undefined) return found;
      const rows = performance.now() < deadline ? await countRows(client, query) : null;
      known.set(query, rows);
      return rows;
    };
    counted.push(
      publicRows === null
        ? null
        : { before: await count(publicRows.before), after: await count(publicRows.after) },
    );
  }
  return counted;
}

async function countRows(client: SqlClient, query: string): Promise<RowCount | null> {
  for (const { limit, timeoutMs } of attempts) {
    const text = `SELECT count(*) AS count FROM (${query} LIMIT ${limit + 1}) AS public_rows`;
    const rows = await inTime(client, text, timeoutMs);
    if (rows !== null) return { rows: Math.min(rows, limit), isExact: rows <= limit };
  }
  return null;
}

/** Returns null if the time is over or the table is locked. The transaction can then be used as before. */
async function inTime(client: SqlClient, text: string, timeoutMs: number): Promise<number | null> {
  await client.query('SAVEPOINT public_rows');
  try {
    await client.query(`SET LOCAL statement_timeout = ${timeoutMs}`);
    const { rows } = await client.query(text);
    return Number(rows[0]?.['count'] ?? 0);
  } catch (error) {
    const failure = toSchemaChangeError(error);
    if (failure.code === 'TIMED_OUT' || failure.code === 'LOCKED') return null;
    throw failure;
  } finally {
    // Also restores the timeout.
    await client.query('ROLLBACK TO SAVEPOINT public_rows');
  }
}
