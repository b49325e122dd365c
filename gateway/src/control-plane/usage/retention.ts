import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { inBatches } from '../../platform/db/in-batches.ts';
import { dayOf } from './pending-usage.ts';
import { controlPlaneLimits } from '../limits.ts';

export const dayMs = 24 * 60 * 60 * 1_000;

const rowsPerBatch = 5_000;

/**
 * Deletes daily usage that is too old to be queried. Works in small transactions that skip locked rows, so that it can
 * run on several instances at once. Stops after 500 batches, and the next run continues.
 * @returns the number of deleted rows
 */
export function createUsagePurge({ db, clock }: { db: Db; clock: Clock }) {
  return async (): Promise<number> => {
    const before = dayOf(clock().getTime() - controlPlaneLimits.maxUsageDays * dayMs);
    const ofProjects = await inBatches(
      rowsPerBatch,
      () => db.$executeRaw`
        DELETE FROM tessera.project_usage_days WHERE (project_id, day) IN (
          SELECT project_id, day FROM tessera.project_usage_days WHERE day <= ${before}::date
          ORDER BY day LIMIT ${rowsPerBatch} FOR UPDATE SKIP LOCKED)`,
    );
    const ofKeys = await inBatches(
      rowsPerBatch,
      () => db.$executeRaw`
        DELETE FROM tessera.api_key_usage_days WHERE (api_key_id, day) IN (
          SELECT api_key_id, day FROM tessera.api_key_usage_days WHERE day <= ${before}::date
          ORDER BY day LIMIT ${rowsPerBatch} FOR UPDATE SKIP LOCKED)`,
    );
    return ofProjects + ofKeys;
  };
}
