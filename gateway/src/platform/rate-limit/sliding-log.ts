import { randomUUID } from 'node:crypto';
import type { Result } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { redisKey, type RedisLink } from './redis-link.ts';

/** At most `max` tries in any period of `windowMs`. Rule names are constants of the code, and few. */
export interface RateLimitRule {
  readonly name: string;
  /** At least 1. */
  readonly max: number;
  readonly windowMs: number;
}

export interface Reservation {
  /** How many tries were in the window before this one. With `max` or more, this one was not recorded. */
  readonly taken: number;
  /** Milliseconds until a try can be recorded; 0 when this one was. */
  readonly freeInMs: number;
}

/** Records the time of every try: exact, for limits of a few costly tries. Requests are counted by `RequestQuota`. */
export interface SlidingLog {
  /**
   * Records a try, if the window has room, in one atomic step. A refused try is not recorded, so that repeated tries do
   * not prolong the wait. `now` in milliseconds since the epoch.
   */
  reserve(rule: RateLimitRule, identity: string, now: number): Promise<Reservation>;
}

/**
 * Records in Redis if there is one, and in memory while it is unreachable: limits are then looser by the number of
 * processes, never absent (docs/decisions/0005).
 */
export function createSlidingLog(redis: RedisLink | null): SlidingLog {
  const memory = createMemorySlidingLog();
  return redis === null ? memory : createRedisSlidingLog(redis, memory);
}

const maxRules = 100;
const defaultMaxIdentities = 50_000;
/** Eight bytes each: 16 MB for the largest rule. */
const maxRememberedTries = 2_000_000;

/**
 * Records in this process. Each rule remembers the identities that tried most recently, up to `maxIdentities` (fewer
 * for a rule that allows many tries), so that a flood against one rule does not evict the tries of another.
 */
export function createMemorySlidingLog(maxIdentities = defaultMaxIdentities): SlidingLog {
  const windowsByRule = new LRUCache<string, LRUCache<string, SlidingWindow>>({ max: maxRules });

  return {
    reserve({ name, max, windowMs }, identity, now) {
      let windows = windowsByRule.get(name);
      if (windows === undefined) {
        const fitting = Math.max(100, Math.floor(maxRememberedTries / max));
        windows = new LRUCache({ max: Math.min(maxIdentities, fitting) });
        windowsByRule.set(name, windows);
      }
      let window = windows.get(identity);
      if (window === undefined) {
        window = new SlidingWindow();
        windows.set(identity, window);
      }
      return Promise.resolve(window.reserve(max, windowMs, now));
    },
  };
}

/** The times of one identity's recent tries, oldest first. */
class SlidingWindow {
  #times: number[] = [];
  /** Every time before this index has left the window. */
  #start = 0;

  reserve(max: number, windowMs: number, now: number): Reservation {
    this.#forget(now - windowMs);
    const taken = this.#times.length - this.#start;
    if (taken < max) {
      this.#times.push(now);
      return { taken, freeInMs: 0 };
    }
    // The try that must leave before fewer than `max` remain: the oldest, unless `max` was lowered.
    const blocking = this.#times[this.#start + taken - max] ?? now;
    return { taken, freeInMs: blocking + windowMs - now };
  }

  #forget(until: number): void {
    while ((this.#times[this.#start] ?? Infinity) <= until) this.#start++;
    if (this.#start * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#start);
      this.#start = 0;
    }
  }
}

/**
 * KEYS[1] a sorted set of the tries in the window, scored by their time.
 * ARGV: now, window in ms, max, a name for this try. Answers { taken before, ms until there is room }.
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

/** Records in Redis, for all instances together, with one script call per try; in `fallback` while it is unreachable. */
function createRedisSlidingLog(redis: RedisLink, fallback: SlidingLog): SlidingLog {
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
