import type pg from 'pg';
import { within } from '../within.ts';

const goodbyeMs = 2_000;

/**
 * Ends the pool once its queries are done, and waits until its connections are closed. `pool.end()` alone
 * comes back before that, and a server that stops next would still complain to them.
 */
export async function endPool(pool: pg.Pool): Promise<void> {
  let open = pool.totalCount;
  const closed = new Promise<void>((resolve) => {
    pool.on('remove', () => {
      open -= 1;
      if (open === 0) resolve();
    });
  });
  const nothingOpen = open === 0;
  await pool.end();
  // A server that is gone does not say goodbye.
  if (!nothingOpen) await within(closed, goodbyeMs);
}
