import { requestErrors } from '../platform/errors/request-errors.ts';
import type { QuotaVerdict, RequestQuota } from '../platform/rate-limit/request-quota.ts';
import { whenReady } from '../platform/when-ready.ts';
import type { ResponseHead } from './request-scope.ts';

export interface RequestLimits {
  readonly quota: RequestQuota;
  /** For keys without their own limit, and for members on projects' APIs. */
  readonly perMinute: number;
}

/** Whose requests are counted together. */
export interface Quota {
  /** Of a key or a user. */
  readonly identity: string;
  /** Null for the default. */
  readonly perMinute: number | null;
}

/**
 * Counts a request against a quota, and adds its state to the answer: `RateLimit-Limit`, `-Remaining`, and `-Reset`, the
 * seconds until the quota is renewed.
 * @returns a promise only where the count is stored elsewhere
 * @throws RequestError `RATE_LIMITED`
 */
export function takeFromQuota(
  { quota, perMinute }: RequestLimits,
  { identity, perMinute: own }: Quota,
  head: ResponseHead,
): void | Promise<void> {
  return whenReady(quota.take(identity, own ?? perMinute), (verdict) => apply(verdict, head));
}

function apply(verdict: QuotaVerdict, head: ResponseHead): void {
  const { allowed, limit, remaining, resetSeconds } = verdict;
  head.add('ratelimit-limit', String(limit));
  head.add('ratelimit-remaining', String(remaining));
  head.add('ratelimit-reset', String(resetSeconds));
  if (!allowed) throw requestErrors.rateLimited(resetSeconds);
}
