import type pg from 'pg';
import { vi } from 'vitest';

/**
 * Runs `work` while another transaction holds the locks that `sql` acquires, and commits that transaction afterwards.
 * The transaction uses READ COMMITTED, like Tessera's own transactions.
 */
export async function whileHolding<T>(
  pool: pg.Pool,
  { sql, values = [] }: { readonly sql: string; readonly values?: readonly unknown[] },
  work: () => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql, [...values]);
    const result = await work();
    await client.query('COMMIT');
    return result;
  } finally {
    // Closes the connection, so that a failed `work` leaves no transaction open.
    client.release(true);
  }
}

/** Waits until exactly `count` backends of this database are waiting for a lock. */
export async function untilWaiting(pool: pg.Pool, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      if (rows[0]?.waiting !== count)
        throw new Error(`${rows[0]?.waiting ?? 0} backends are waiting, expected ${count}.`);
    },
    { timeout: 5_000, interval: 10 },
  );
}
