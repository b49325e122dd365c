import { requestErrors } from '../platform/errors/request-errors.ts';
import type { QuotaVerdict, RequestQuota } from '../platform/rate-limit/request-quota.ts';
import { whenReady } from '../platform/when-ready.ts';
import type { ResponseHead } from './request-scope.ts';

export interface RequestLimits {
  readonly quota: RequestQuota;
  /** Applies to keys without a limit, and to members who call projects' APIs. */
  readonly perMinute: number;
}

/** Requests with the same identity are counted together. */
export interface Quota {
  /** The id of an API key or user. */
  readonly identity: string;
  /** Null means the default limit. */
  readonly perMinute: number | null;
}

/**
 * Counts a request against a quota and adds the quota's state to the response headers: `RateLimit-Limit`,
 * `RateLimit-Remaining`, and `RateLimit-Reset`, the seconds until the quota resets.
 * @returns a promise only if the count is stored in Redis
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
