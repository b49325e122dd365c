import { createHash } from 'node:crypto';
import { Redis, ReplyError } from 'ioredis';
import type { Logger } from '../telemetry/logger.ts';

const answerTimeoutMs = 200;
const connectTimeoutMs = 2_000;
const maxRetryDelayMs = 2_000;

export interface RedisLinkOptions {
  readonly redisUrl: string;
  readonly logger: Logger;
}

/** A connection to Redis for counting, which must go on without it. */
export interface RedisLink {
  /** Makes a script callable; ioredis sends it once, and its hash from then on. */
  define(name: string, script: { readonly numberOfKeys: number; readonly lua: string }): void;
  /** Asks Redis. When it fails, or takes longer than 200 ms, `otherwise` answers. */
  ask<T>(question: (redis: Redis) => Promise<T>, otherwise: () => T | Promise<T>): Promise<T>;
  close(): void;
}

/** Connects on its own time. There is one warning per outage, and a word when Redis is back. */
export function createRedisLink({ redisUrl, logger }: RedisLinkOptions): RedisLink {
  const redis = new Redis(redisUrl, {
    connectTimeout: connectTimeoutMs,
    commandTimeout: answerTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, maxRetryDelayMs),
  });
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

  /** Ready, and yet no answer: until there is a new connection, questions fail at once instead of waiting. */
  function reconnectOnce(): void {
    if (reconnecting || redis.status !== 'ready') return;
    reconnecting = true;
    redis.disconnect(true);
  }

  redis.on('error', noteAway);
  redis.on('ready', () => (reconnecting = false));

  return {
    define: (name, script) => redis.defineCommand(name, script),
    async ask(question, otherwise) {
      try {
        const answer = await question(redis);
        noteBack();
        return answer;
      } catch (error) {
        noteAway(error);
        // What Redis itself refuses (read-only, out of memory) a new connection does not mend.
        if (!(error instanceof ReplyError)) reconnectOnce();
        return otherwise();
      }
    },
    close: () => redis.disconnect(),
  };
}

/** The key that an identity is counted under; hashed, so that Redis holds no addresses in readable form. */
export function redisKey(rule: string, identity: string): string {
  return `tessera:rate:${rule}:${createHash('sha256').update(identity).digest('base64url')}`;
}
