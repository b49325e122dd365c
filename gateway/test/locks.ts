import type pg from 'pg';
import { vi } from 'vitest';

/**
 * Runs `work` while a transaction of its own holds what `sql` locks, and commits after it. Under READ
 * COMMITTED, as Tessera's own transactions are.
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
    // Closes the connection, and with it what a failed `work` left open.
    client.release(true);
  }
}

/** Returns once so many backends of this database wait for a lock. */
export async function untilWaiting(pool: pg.Pool, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      if (rows[0]?.waiting !== count)
        throw new Error(`${rows[0]?.waiting ?? 0} wait, not ${count}.`);
    },
    { timeout: 5_000, interval: 10 },
  );
}
