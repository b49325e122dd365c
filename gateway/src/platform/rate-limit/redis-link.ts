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

/** A Redis connection for rate limits, which also work without Redis. */
export interface RedisLink {
  /** Registers a script. ioredis sends the script once and then only its hash. */
  define(name: string, script: { readonly numberOfKeys: number; readonly lua: string }): void;
  /** Sends commands to Redis. If this fails or takes longer than 200 ms, returns the result of `otherwise`. */
  ask<T>(question: (redis: Redis) => Promise<T>, otherwise: () => T | Promise<T>): Promise<T>;
  close(): void;
}

/** Connects in the background. Logs one warning per outage and a message when Redis is available again. */
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
    logger.warn(
      { err: error },
      "Redis is not available. Requests and attempts are counted in this process's memory",
    );
  }

  function noteBack(): void {
    if (!away) return;
    away = false;
    logger.info('Redis is available again. Requests and attempts are counted in Redis');
  }

  /**
   * Reconnects if there was no response on a ready connection. Until then, commands fail immediately instead of
   * waiting.
   */
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
        // A new connection does not help if Redis itself rejects the command (read-only, out of memory).
        if (!(error instanceof ReplyError)) reconnectOnce();
        return otherwise();
      }
    },
    close: () => redis.disconnect(),
  };
}

/** Returns the Redis key for an identity. The identity is hashed so that no readable addresses are stored in Redis. */
export function redisKey(rule: string, identity: string): string {
  return `tessera:rate:${rule}:${createHash('sha256').update(identity).digest('base64url')}`;
}
