import type pg from 'pg';
import { loggedProjects } from '../../engine/migrations.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { createChangeLog, NoChangeLog, type RetentionLimits } from './change-log.ts';

/** Change logs keep changes for this number of days. */
export const changeLogDays = 7;

const projectsPerQuery = 500;

/** Shortens the change logs of all projects. A log that fails does not prevent the others from being shortened. */
export function createLogRetention(pool: pg.Pool, limits: RetentionLimits) {
  const log = createChangeLog(pool);
  return async (logger: Logger, signal: AbortSignal): Promise<void> => {
    const failures: unknown[] = [];
    let [after, changes, isLast] = ['', 0, false];
    while (!isLast) {
      const { rows } = await pool.query<{ ref: string }>(loggedProjects, [after, projectsPerQuery]);
      for (const { ref } of rows) {
        signal.throwIfAborted();
        try {
          changes += await log.trim(ref, limits);
        } catch (error) {
          // The project or its last live model was deleted meanwhile.
          if (!(error instanceof NoChangeLog)) failures.push(error);
        }
        after = ref;
      }
      isLast = rows.length < projectsPerQuery;
    }
    if (changes > 0) logger.info({ changes }, 'Deleted old changes from change logs');
    if (failures.length > 0) throw failures[0];
  };
}
