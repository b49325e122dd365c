import type { GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store, type Identity } from 'graphql-rate-limit';
import type { Clock } from '../clock.ts';
import type { RateLimitBackend, RateLimitRule, SlotReservation } from './slot-reservation.ts';

export type { RateLimitRule };

export interface RateLimitVerdict {
  readonly allowed: boolean;
  /** Whole seconds after which a try can succeed; 0 when this one did. */
  readonly retryAfterSeconds: number;
  /** How many more tries the window has room for. */
  readonly remaining: number;
}

export interface RateLimiter {
  /** Counts one try of `identity` (an address, an account, a key) against a rule, and judges it. */
  consume(rule: RateLimitRule, identity: string): Promise<RateLimitVerdict>;
}

export interface RateLimiterOptions {
  readonly backend: RateLimitBackend;
  readonly clock: Clock;
  /** Told of every refusal, to count them. */
  readonly onRefused?: (rule: RateLimitRule) => void;
}

/** `graphql-rate-limit`, over a store that takes slots atomically. */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { backend, clock, onRefused } = options;
  return {
    async consume(rule, identity) {
      if (rule.max < 1) throw new Error(`The rate limit "${rule.name}" must allow a try.`);
      const store = new ReservingStore((who) => backend.reserve(rule, who, clock().getTime()));
      const limiter = getGraphQLRateLimiter({ store, identifyContext: () => identity });
      const refusal = await limiter(
        { parent: undefined, args: {}, context: {}, info: fieldNamed(rule.name) },
        { max: rule.max, window: `${rule.windowMs}ms` },
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
  };
}

/**
 * The store of one try. The library reads all timestamps and later writes them with its own added, between which
 * other tries would read the same: so reading already takes the slot, and writing does nothing.
 */
class ReservingStore extends Store {
  reservation: SlotReservation = { taken: 0, freeInMs: 0 };
  readonly #reserve: (identity: string) => Promise<SlotReservation>;

  constructor(reserve: (identity: string) => Promise<SlotReservation>) {
    super();
    this.#reserve = reserve;
  }

  async getForIdentity({ contextIdentity }: Identity): Promise<readonly number[]> {
    this.reservation = await this.#reserve(contextIdentity);
    // What left the window was decided in the atomic step, by one clock: none of these may expire on the
    // library's own.
    return new Array<number>(this.reservation.taken).fill(Number.MAX_SAFE_INTEGER);
  }

  setForIdentity(): void {}
}

/** All that the library reads of a resolver's info. */
function fieldNamed(fieldName: string): GraphQLResolveInfo {
  // The other parts are never looked at: see getGraphQLRateLimiter in the library.
  return { fieldName } as GraphQLResolveInfo;
}
