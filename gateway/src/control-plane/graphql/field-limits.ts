import type { GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store, type Identity } from 'graphql-rate-limit';

import type { Clock } from '../../platform/clock.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type {
  RateLimitRule,
  Reservation,
  SlidingLog,
} from '../../platform/rate-limit/sliding-log.ts';
import type { Context } from './context.ts';

declare module './context.ts' {
  interface Services {
    readonly fieldLimits: FieldLimits;
  }
}

export interface RateLimitVerdict {
  readonly allowed: boolean;
  /** The time to wait before the next attempt, in whole seconds. 0 if this attempt was allowed. */
  readonly retryAfterSeconds: number;
  /** The number of attempts that remain in the window. */
  readonly remaining: number;
}

/**
 * The rate limiter for a single field call. The resolver passes it to the service, which counts the attempt after
 * validation.
 */
export interface RateLimiter {
  /** Counts one attempt by `identity` (a network, an account or a session) against a rule. */
  consume(rule: RateLimitRule, identity: string): Promise<RateLimitVerdict>;
}

/** A resolver's arguments. */
export interface FieldCall {
  readonly parent: unknown;
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: object;
  readonly info: GraphQLResolveInfo;
}

export interface FieldLimits {
  of(call: FieldCall): RateLimiter;
}

export interface FieldLimitsOptions {
  readonly log: SlidingLog;
  readonly clock: Clock;
  /** Called for each refusal, for metrics. */
  readonly onRefused?: (rule: RateLimitRule) => void;
}

/**
 * Rate limits, enforced by `graphql-rate-limit` with a log that records attempts atomically, in memory or in Redis
 * (docs/decisions/0005).
 */
export function createFieldLimits({ log, clock, onRefused }: FieldLimitsOptions): FieldLimits {
  return {
    of: ({ args, ...call }) => ({
      async consume(rule, identity) {
        if (rule.max < 1)
          throw new Error(`The rate limit "${rule.name}" must allow at least one attempt.`);
        const store = new ReservingStore(rule, (who) => log.reserve(rule, who, clock().getTime()));
        const limit = getGraphQLRateLimiter({ store, identifyContext: () => rule.name });
        const refusal = await limit(
          { ...call, args: { ...args, identity } },
          { max: 1, window: `${rule.windowMs}ms`, identityArgs: ['identity'] },
        );
        const { taken, freeInMs } = store.reservation;
        const allowed = refusal === undefined;
        if (!allowed) onRefused?.(rule);
        return {
          allowed,
          retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil(freeInMs / 1_000)),
          remaining: Math.max(0, rule.max - taken - 1),
        };
      },
    }),
  };
}

/** Takes a resolver's four arguments and returns the rate limiter for that call. */
export function limiterOf(
  parent: unknown,
  args: FieldCall['args'],
  context: Context,
  info: GraphQLResolveInfo,
): RateLimiter {
  return context.services.fieldLimits.of({ parent, args, context, info });
}

/**
 * Counts an attempt against a rule. @throws RequestError `RATE_LIMITED` with the time to wait if the limit is exceeded
 */
export async function enforceLimit(
  limiter: RateLimiter,
  rule: RateLimitRule,
  identity: string,
): Promise<void> {
  const { allowed, retryAfterSeconds } = await limiter.consume(rule, identity);
  if (!allowed) throw requestErrors.rateLimited(retryAfterSeconds);
}

/**
 * The library reads an identity's timestamps, adds one and writes them back, which is not atomic. In this store,
 * reading records the attempt and writing does nothing. The library passes neither the rule nor the time to wait to its
 * store, so a new store on top of the shared log is created for each attempt.
 *
 * The library counts a list of timestamps. A rule can allow 100,000 attempts, so the store does not build that list: it
 * returns one timestamp if the log has no room, and the library allows one.
 */
class ReservingStore extends Store {
  reservation: Reservation = { taken: 0, freeInMs: 0 };
  readonly #max: number;
  readonly #reserve: (identity: string) => Promise<Reservation>;

  constructor({ max }: RateLimitRule, reserve: (identity: string) => Promise<Reservation>) {
    super();
    this.#max = max;
    this.#reserve = reserve;
  }

  async getForIdentity({ fieldIdentity }: Identity): Promise<readonly number[]> {
    this.reservation = await this.#reserve(fieldIdentity);
    // The log has already removed the expired attempts. The library must not remove any others based on its own clock.
    return this.reservation.taken < this.#max ? [] : [Number.MAX_SAFE_INTEGER];
  }

  setForIdentity(): void {}
}
