import { randomUUID } from 'node:crypto';
import type { Result } from 'ioredis';
import { redisKey } from './redis-key.ts';
import type { RedisLink } from './redis-link.ts';
import type { RateLimitBackend } from './slot-reservation.ts';

/**
 * KEYS[1] a sorted set of the tries in the window, scored by their time.
 * ARGV: now, window in ms, max, a name for this try. Answers { taken before, ms until a slot is free }.
 */
const reserveSlot = `
local now, window, max = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local taken = redis.call('ZCARD', KEYS[1])
if taken < max then
  redis.call('ZADD', KEYS[1], now, ARGV[4])
  redis.call('PEXPIRE', KEYS[1], window)
  return { taken, 0 }
end
local blocking = redis.call('ZRANGE', KEYS[1], taken - max, taken - max, 'WITHSCORES')
return { taken, blocking[2] + window - now }
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    reserveSlot(
      key: string,
      now: number,
      windowMs: number,
      max: number,
      member: string,
    ): Result<[taken: number, freeInMs: number], Context>;
  }
}

/** Counts in Redis, for all instances together, one script call to a try; in `fallback` while Redis is away. */
export function createRedisBackend(redis: RedisLink, fallback: RateLimitBackend): RateLimitBackend {
  redis.define('reserveSlot', { numberOfKeys: 1, lua: reserveSlot });
  const instance = randomUUID();
  let tries = 0;

  return {
    reserve(rule, identity, now) {
      const { name, windowMs, max } = rule;
      const member = `${instance}:${tries++}`;
      return redis.ask(
        async (commands) => {
          const key = redisKey(name, identity);
          const [taken, freeInMs] = await commands.reserveSlot(key, now, windowMs, max, member);
          return { taken, freeInMs };
        },
        () => fallback.reserve(rule, identity, now),
      );
    },
  };
}
