import type pg from 'pg';
import { within } from '../within.ts';

const goodbyeMs = 2_000;

/**
 * Ends the pool after its running queries have finished, and waits until its connections are closed. `pool.end()` alone
 * returns earlier, and a server that shuts down at that point would report an error on the open connections.
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
  // If the server is gone, the connections do not close cleanly.
  if (!nothingOpen) await within(closed, goodbyeMs);
}
