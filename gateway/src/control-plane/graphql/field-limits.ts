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
  /** Whole seconds after which a try can succeed; 0 when this one did. */
  readonly retryAfterSeconds: number;
  /** How many more tries the window has room for. */
  readonly remaining: number;
}

/** Counts the tries of one call of a field. A service gets it from the resolver, and counts after it has validated. */
export interface RateLimiter {
  /** Counts one try of `identity` (a network, an account, a session) against a rule. */
  consume(rule: RateLimitRule, identity: string): Promise<RateLimitVerdict>;
}

/** What a resolver was called with. */
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
  /** Called for every refusal, to count them. */
  readonly onRefused?: (rule: RateLimitRule) => void;
}

/** `graphql-rate-limit` over a log that records tries atomically, in memory or in Redis (docs/decisions/0005). */
export function createFieldLimits({ log, clock, onRefused }: FieldLimitsOptions): FieldLimits {
  return {
    of: ({ args, ...call }) => ({
      async consume(rule, identity) {
        if (rule.max < 1) throw new Error(`The rate limit "${rule.name}" must allow a try.`);
        const store = new ReservingStore((who) => log.reserve(rule, who, clock().getTime()));
        const limit = getGraphQLRateLimiter({ store, identifyContext: () => rule.name });
        const refusal = await limit(
          { ...call, args: { ...args, identity } },
          { max: rule.max, window: `${rule.windowMs}ms`, identityArgs: ['identity'] },
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

/** The limiter of a resolver's call, from the four arguments of the resolver. */
export function limiterOf(
  parent: unknown,
  args: FieldCall['args'],
  context: Context,
  info: GraphQLResolveInfo,
): RateLimiter {
  return context.services.fieldLimits.of({ parent, args, context, info });
}

/** Counts a try against a rule. @throws RequestError `RATE_LIMITED`, with the time to wait, for one too many */
export async function enforceLimit(
  limiter: RateLimiter,
  rule: RateLimitRule,
  identity: string,
): Promise<void> {
  const { allowed, retryAfterSeconds } = await limiter.consume(rule, identity);
  if (!allowed) throw requestErrors.rateLimited(retryAfterSeconds);
}

/**
 * The library reads the timestamps of an identity and writes them back with one added; calls at the same time would
 * read the same ones. So reading records the try, and writing does nothing. The library passes a store neither the rule
 * nor a place for the time to wait, which is why each try has a store of its own over the shared log.
 */
class ReservingStore extends Store {
  reservation: Reservation = { taken: 0, freeInMs: 0 };
  readonly #reserve: (identity: string) => Promise<Reservation>;

  constructor(reserve: (identity: string) => Promise<Reservation>) {
    super();
    this.#reserve = reserve;
  }

  async getForIdentity({ fieldIdentity }: Identity): Promise<readonly number[]> {
    this.reservation = await this.#reserve(fieldIdentity);
    // The atomic step has already dropped what left the window: none of these may expire by the library's clock.
    return new Array<number>(this.reservation.taken).fill(Number.MAX_SAFE_INTEGER);
  }

  setForIdentity(): void {}
}
