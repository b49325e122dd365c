import type pg from 'pg';
import { z } from 'zod';
import { defineTask } from './task.ts';

const batch = 1_000;

/** Nightly: jobs that failed for good are kept for two weeks, for whoever looks into why. */
export function createForgetFailedJobs(pool: pg.Pool) {
  return defineTask({
    payload: z.object({}),
    cron: '17 3 * * *',
    async run() {
      await pool.query(
        `SELECT graphile_worker.complete_jobs(ARRAY(
           SELECT id FROM graphile_worker.jobs
           WHERE attempts >= max_attempts AND locked_at IS NULL
             AND updated_at < now() - interval '14 days'
           ORDER BY id LIMIT $1
         ))`,
        [batch],
      );
    },
  });
}
