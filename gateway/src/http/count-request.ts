import type { Viewer } from '../control-plane/access/viewer.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import type { QuotaVerdict, RequestQuota } from '../platform/rate-limit/request-quota.ts';
import type { HttpRoute } from '../platform/telemetry/metrics.ts';
import type { ResponseHead } from './response-head.ts';

export interface RequestLimits {
  readonly quota: RequestQuota;
  /** For keys without a limit of their own, and for members on projects' APIs. */
  readonly perMinute: number;
}

/**
 * Counts a request against what its caller may do in a minute and tells how it stands: `RateLimit-Limit`,
 * `-Remaining`, and `-Reset`, the seconds until there is room for more. Counted are keys on both APIs, and
 * members on projects' APIs; the management API guards its costly fields one by one.
 * @returns a promise only where the count is kept elsewhere
 * @throws RequestError `RATE_LIMITED`
 */
export function countRequest(
  viewer: Viewer,
  route: HttpRoute,
  limits: RequestLimits,
  head: ResponseHead,
): Promise<void> | null {
  const verdict = take(viewer, route, limits);
  if (verdict instanceof Promise) return verdict.then((told) => apply(told, head));
  if (verdict !== null) apply(verdict, head);
  return null;
}

function take(
  viewer: Viewer,
  route: HttpRoute,
  { quota, perMinute }: RequestLimits,
): QuotaVerdict | Promise<QuotaVerdict> | null {
  switch (viewer.kind) {
    case 'apiKey':
      return quota.take(viewer.keyId, viewer.rateLimitPerMinute ?? perMinute);
    case 'user':
      return route === 'project' ? quota.take(viewer.userId, perMinute) : null;
    case 'anonymous':
      return null;
  }
}

function apply(verdict: QuotaVerdict, head: ResponseHead): void {
  const { allowed, limit, remaining, resetSeconds } = verdict;
  head.add('ratelimit-limit', String(limit));
  head.add('ratelimit-remaining', String(remaining));
  head.add('ratelimit-reset', String(resetSeconds));
  if (!allowed) throw requestErrors.rateLimited(resetSeconds);
}
