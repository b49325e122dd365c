import { createMemoryBackend } from './memory-backend.ts';
import { createRedisBackend } from './redis-backend.ts';
import type { RedisLink } from './redis-link.ts';
import type { RateLimitBackend, RateLimitRule } from './slot-reservation.ts';

export type { RateLimitBackend, RateLimitRule };

/**
 * Counts in Redis where there is one, and in memory while that is away: never not at all.
 * @param redis null to count in this process
 */
export function createRateLimitBackend(redis: RedisLink | null): RateLimitBackend {
  const memory = createMemoryBackend();
  return redis === null ? memory : createRedisBackend(redis, memory);
}
