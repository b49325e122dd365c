import { createHash, randomUUID } from 'node:crypto';
import { Redis, ReplyError, type Result } from 'ioredis';
import type { Logger } from '../telemetry/logger.ts';
import type { RateLimitBackend } from './slot-reservation.ts';

const answerTimeoutMs = 200;
const connectTimeoutMs = 2_000;
const maxRetryDelayMs = 2_000;

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

export interface RedisBackendOptions {
  readonly redisUrl: string;
  readonly logger: Logger;
  /** Counts while Redis is away. */
  readonly fallback: RateLimitBackend;
}

/**
 * Counts in Redis, for all instances together, one script call to a try. It connects on its own time. When
 * Redis fails or takes longer than 200 ms the fallback counts, with one warning per outage, until Redis is back.
 */
export function createRedisBackend(options: RedisBackendOptions): RateLimitBackend {
  const { logger, fallback } = options;
  const redis = connect(options.redisUrl);
  const instance = randomUUID();
  let tries = 0;
  let away = false;
  let reconnecting = false;

  function noteAway(error: unknown): void {
    if (away) return;
    away = true;
    logger.warn({ err: error }, 'Redis is away; rate limits are counted in this process alone');
  }

  function noteBack(): void {
    if (!away) return;
    away = false;
    logger.info('Redis is back; rate limits are counted there again');
  }

  /** Ready, and yet no answer: until there is a new connection, tries fail at once instead of waiting. */
  function reconnectOnce(): void {
    if (reconnecting || redis.status !== 'ready') return;
    reconnecting = true;
    redis.disconnect(true);
  }

  redis.on('error', noteAway);
  redis.on('ready', () => (reconnecting = false));

  return {
    async reserve(rule, identity, now) {
      const { name, windowMs, max } = rule;
      try {
        const member = `${instance}:${tries++}`;
        const key = keyOf(name, identity);
        const [taken, freeInMs] = await redis.reserveSlot(key, now, windowMs, max, member);
        noteBack();
        return { taken, freeInMs };
      } catch (error) {
        noteAway(error);
        // What Redis itself refuses (read-only, out of memory) a new connection does not mend.
        if (!(error instanceof ReplyError)) reconnectOnce();
        return fallback.reserve(rule, identity, now);
      }
    },
    async close() {
      redis.disconnect();
      await fallback.close();
    },
  };
}

function connect(redisUrl: string): Redis {
  const redis = new Redis(redisUrl, {
    connectTimeout: connectTimeoutMs,
    commandTimeout: answerTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, maxRetryDelayMs),
  });
  redis.defineCommand('reserveSlot', { numberOfKeys: 1, lua: reserveSlot });
  return redis;
}

/** Hashed, so that nobody who looks into Redis reads addresses there. */
function keyOf(rule: string, identity: string): string {
  return `tessera:rate:${rule}:${createHash('sha256').update(identity).digest('base64url')}`;
}
