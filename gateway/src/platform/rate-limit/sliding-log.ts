import { randomUUID } from 'node:crypto';
import type { Result } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { growingUpTo } from '../cache/growing-cache.ts';
import { redisKey, type RedisLink } from './redis-link.ts';

/** Allows at most `max` attempts in any period of `windowMs`. Rule names are constants in the code. */
export interface RateLimitRule {
  readonly name: string;
  /** Must be at least 1. */
  readonly max: number;
  readonly windowMs: number;
}

export interface Reservation {
  /** The number of earlier attempts in the window. If it is at least `max`, this attempt was not recorded. */
  readonly taken: number;
  /** Milliseconds until an attempt can be recorded, or 0 if this one was recorded. */
  readonly freeInMs: number;
}

/**
 * Records the time of every attempt, so that it can limit infrequent, expensive attempts exactly. For limits on all
 * requests, use `RequestQuota`.
 */
export interface SlidingLog {
  /**
   * Records an attempt in one atomic step if the rule allows it. A rejected attempt is not recorded, so that repeated
   * attempts do not prolong the wait. `now` is in milliseconds since the epoch.
   */
  reserve(rule: RateLimitRule, identity: string, now: number): Promise<Reservation>;
}

/**
 * Records attempts in Redis if it is configured, and in memory while Redis is not available. Each process then counts
 * separately, so the effective limit is multiplied by the number of processes (docs/decisions/0005).
 */
export function createSlidingLog(redis: RedisLink | null): SlidingLog {
  const memory = createMemorySlidingLog();
  return redis === null ? memory : createRedisSlidingLog(redis, memory);
}

const maxRules = 100;
const defaultMaxIdentities = 50_000;
/** Each attempt needs eight bytes, so a rule needs at most 16 MB. */
const maxRememberedTries = 2_000_000;

/**
 * Records attempts in this process's memory. Each rule keeps the most recent identities, up to `maxIdentities` (fewer
 * for a rule that allows many attempts), so that a flood of attempts under one rule does not evict the attempts under
 * another.
 */
export function createMemorySlidingLog(maxIdentities = defaultMaxIdentities): SlidingLog {
  const windowsByRule = new LRUCache<string, LRUCache<string, SlidingWindow>>({ max: maxRules });

  return {
    reserve({ name, max, windowMs }, identity, now) {
      let windows = windowsByRule.get(name);
      if (windows === undefined) {
        const fitting = Math.max(100, Math.floor(maxRememberedTries / max));
        windows = new LRUCache(growingUpTo(Math.min(maxIdentities, fitting)));
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

/** The times of recent attempts by one identity, oldest first. */
class SlidingWindow {
  #times: number[] = [];
  /** Times before this index are no longer in the window. */
  #start = 0;

  reserve(max: number, windowMs: number, now: number): Reservation {
    this.#followClock(now);
    this.#forget(now - windowMs);
    const taken = this.#times.length - this.#start;
    if (taken < max) {
      this.#times.push(now);
      return { taken, freeInMs: 0 };
    }
    // The attempt that must leave the window before a new one is allowed: the oldest, unless `max` was lowered.
    const blocking = this.#times[this.#start + taken - max] ?? now;
    return { taken, freeInMs: blocking + windowMs - now };
  }

  /**
   * If the clock was set back, moves all attempts back by the same time. Otherwise, they would stay in the window until
   * the clock reaches their time again.
   */
  #followClock(now: number): void {
    const ahead = (this.#times.at(-1) ?? now) - now;
    if (ahead > 0) this.#times = this.#times.map((time) => time - ahead);
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
 * KEYS[1]: a sorted set of the attempts in the window, scored by their time.
 * ARGV: now, window in ms, max, a unique name for this attempt.
 * If the clock was set back, or the last attempt was counted by a process whose clock is ahead, all attempts are moved
 * back by the same time. Returns { taken before this attempt, ms until an attempt is allowed }.
 */
const reserveSlot = `
local now, window, max = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
local ahead = newest[2] and tonumber(newest[2]) - now or 0
if ahead > 0 then
  for _, attempt in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    redis.call('ZINCRBY', KEYS[1], -ahead, attempt)
  end
end
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

/**
 * Uses Redis to record the attempts on all instances, with one script call per attempt. Uses `fallback` while Redis is
 * not available.
 */
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
