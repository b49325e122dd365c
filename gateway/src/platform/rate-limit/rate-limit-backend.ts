import type { Logger } from '../telemetry/logger.ts';
import { createMemoryBackend } from './memory-backend.ts';
import { createRedisBackend } from './redis-backend.ts';
import type { RateLimitBackend, RateLimitRule } from './slot-reservation.ts';

export type { RateLimitBackend, RateLimitRule };

export interface RateLimitBackendOptions {
  /** `redis://` or `rediss://`, to share the count among instances; null to count in this process. */
  readonly redisUrl: string | null;
  readonly logger: Logger;
}

/** Counts in Redis where there is one, and in memory while that is away: never not at all. */
export function createRateLimitBackend(options: RateLimitBackendOptions): RateLimitBackend {
  const { redisUrl, logger } = options;
  const memory = createMemoryBackend();
  return redisUrl === null ? memory : createRedisBackend({ redisUrl, logger, fallback: memory });
}
