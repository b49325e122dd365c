import type { UsageDay } from '../graphql/usage-day.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { errors } from '../errors/errors.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { dayOf } from './pending-usage.ts';
import { createUsageRecorder, type UsageRecorder } from './usage-recorder.ts';
import { dayMs } from './retention.ts';
import { controlPlaneLimits } from '../limits.ts';

export interface UsageService extends UsageRecorder {
  /**
   * Returns a project's API usage on each of the last `days` days, including today. @throws RequestError
   * `BAD_USER_INPUT`
   */
  ofProject(projectId: string, days: number): Promise<readonly UsageDay[]>;
  /**
   * Returns a key's usage of both APIs on each of the last `days` days, including today. @throws RequestError
   * `BAD_USER_INPUT`
   */
  ofKey(keyId: string, days: number): Promise<readonly UsageDay[]>;
}

interface UsageDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createUsageService(dependencies: UsageDependencies): UsageService {
  const { db, clock } = dependencies;

  const range = (days: number): { first: string; last: string } => {
    if (days < 1 || days > controlPlaneLimits.maxUsageDays) {
      throw errors.daysOutOfRange(controlPlaneLimits.maxUsageDays);
    }
    const now = clock().getTime();
    return { first: dayOf(now - (days - 1) * dayMs), last: dayOf(now) };
  };

  return {
    ...createUsageRecorder(dependencies),

    async ofProject(projectId, days) {
      const { first, last } = range(days);
      return db.$queryRaw<UsageDay[]>`
        SELECT to_char(each.day, 'YYYY-MM-DD') AS day,
          coalesce(used.requests, 0)::float8 AS requests, coalesce(used.errors, 0)::float8 AS errors
        FROM generate_series(${first}::timestamp, ${last}::timestamp, '1 day') AS each (day)
        LEFT JOIN tessera.project_usage_days AS used
          ON used.project_id = ${projectId}::uuid AND used.day = each.day::date
        ORDER BY each.day`;
    },

    async ofKey(keyId, days) {
      const { first, last } = range(days);
      return db.$queryRaw<UsageDay[]>`
        SELECT to_char(each.day, 'YYYY-MM-DD') AS day,
          coalesce(used.requests, 0)::float8 AS requests, coalesce(used.errors, 0)::float8 AS errors
        FROM generate_series(${first}::timestamp, ${last}::timestamp, '1 day') AS each (day)
        LEFT JOIN tessera.api_key_usage_days AS used
          ON used.api_key_id = ${keyId}::uuid AND used.day = each.day::date
        ORDER BY each.day`;
    },
  };
}
