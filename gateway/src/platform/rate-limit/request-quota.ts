import type { Result } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { MinuteCount, slotMs, slots, type Count } from './minute-count.ts';
import { redisKey } from './redis-key.ts';
import type { RedisLink } from './redis-link.ts';

export interface QuotaVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** How many more the minute has room for. */
  readonly remaining: number;
  /** Whole seconds until there is more room: for who was refused, until a request is let through. */
  readonly resetSeconds: number;
}

/**
 * How many requests a minute each caller may make. Unlike `RateLimiter`, which guards a few costly tries, it counts
 * every request: in constant time and memory for limits of a million, and at once where it counts in this process.
 */
export interface RequestQuota {
  /** Takes one of `max` requests a minute. @param identity of a verified caller: nobody can make up new ones */
  take(identity: string, max: number): QuotaVerdict | Promise<QuotaVerdict>;
}

export interface RequestQuotaOptions {
  /** Null to count in this process. */
  readonly redis: RedisLink | null;
  readonly clock: Clock;
  /** Told of every refusal, to count them. */
  readonly onRefused?: () => void;
}

const maxIdentities = 50_000;
const ruleName = 'requests';

/** Counts as `MinuteCount` does. */
export function createRequestQuota(options: RequestQuotaOptions): RequestQuota {
  const { redis, clock, onRefused } = options;
  const counts = new LRUCache<string, MinuteCount>({ max: maxIdentities });
  redis?.define('takeOfMinute', { numberOfKeys: 1, lua: takeOfMinute });

  const takeHere = (identity: string, max: number, now: number): Count => {
    let count = counts.get(identity);
    if (count === undefined) {
      count = new MinuteCount();
      counts.set(identity, count);
    }
    return count.take(max, now);
  };

  const judge = ({ taken, freeInMs }: Count, max: number): QuotaVerdict => {
    const allowed = taken < max;
    if (!allowed) onRefused?.();
    return {
      allowed,
      limit: max,
      remaining: Math.max(0, max - taken - 1),
      resetSeconds: Math.max(1, Math.ceil(freeInMs / 1_000)),
    };
  };

  return {
    take(identity, max) {
      const now = clock().getTime();
      if (redis === null) return judge(takeHere(identity, max, now), max);
      return redis
        .ask(
          async (commands) => {
            const [taken, freeInMs] = await commands.takeOfMinute(
              redisKey(ruleName, identity),
              now,
              max,
            );
            return { taken, freeInMs };
          },
          () => takeHere(identity, max, now),
        )
        .then((count) => judge(count, max));
    },
  };
}

/**
 * `MinuteCount` in Redis. KEYS[1] a hash from slots to counts. ARGV: now, max. Answers { taken before, free in ms }.
 */
const takeOfMinute = `
local now, max = tonumber(ARGV[1]), tonumber(ARGV[2])
local current = math.floor(now / ${slotMs})
local counts, known, taken = {}, {}, 0
local stored = redis.call('HGETALL', KEYS[1])
for i = 1, #stored, 2 do
  local slot = tonumber(stored[i])
  if slot + ${slots} <= current then
    redis.call('HDEL', KEYS[1], stored[i])
  else
    counts[slot] = tonumber(stored[i + 1])
    known[#known + 1] = slot
    taken = taken + counts[slot]
  end
end
local left = taken
if taken < max then
  redis.call('HINCRBY', KEYS[1], current, 1)
  redis.call('PEXPIRE', KEYS[1], ${slots * slotMs})
  left = taken + 1
end
table.sort(known)
for _, slot in ipairs(known) do
  left = left - counts[slot]
  if left < max then return { taken, (slot + ${slots}) * ${slotMs} - now } end
end
return { taken, (current + ${slots}) * ${slotMs} - now }
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeOfMinute(
      key: string,
      now: number,
      max: number,
    ): Result<[taken: number, freeInMs: number], Context>;
  }
}
