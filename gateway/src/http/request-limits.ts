import type { Charge } from '../graphql/request-cost.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import type { QuotaVerdict, RequestQuota } from '../platform/rate-limit/request-quota.ts';
import { whenReady } from '../platform/when-ready.ts';
import type { ResponseHead } from './request-scope.ts';

export interface RequestLimits {
  readonly quota: RequestQuota;
  /** The default limit of a key, in units per minute. */
  readonly keyPerMinute: number;
  /** The limit of a member in each project, and of a user in the management API, in units per minute. */
  readonly memberPerMinute: number;
  /** The limit of requests without a credential. A separate quota, because clients can have many networks. */
  readonly anonymous: {
    readonly quota: RequestQuota;
    /** Units per minute of a client network. */
    readonly perMinute: number;
  };
}

/** Requests with the same identity are counted together. */
export interface Quota {
  /** Identifies a verified caller or, for the anonymous limit, a client network. */
  readonly identity: string;
  readonly perMinute: number;
}

/** Returns the quota of a key. @param perMinute the key's own limit, or null for the default */
export function quotaOfKey(limits: RequestLimits, keyId: string, perMinute: number | null): Quota {
  return { identity: keyId, perMinute: perMinute ?? limits.keyPerMinute };
}

/** Returns the quota of a user's requests to the management API. */
export function quotaOfUser({ memberPerMinute }: RequestLimits, userId: string): Quota {
  return { identity: userId, perMinute: memberPerMinute };
}

/** Returns the quota of a member's requests to one project's API. */
export function quotaOfMember(
  { memberPerMinute }: RequestLimits,
  userId: string,
  projectId: string,
): Quota {
  return { identity: `${userId} ${projectId}`, perMinute: memberPerMinute };
}

/** A user's requests to all projects together. */
const projectsAtOnce = 10;

/**
 * Returns the quota of a user's requests to all projects' APIs. It limits the lookups of memberships, which come before
 * the quota of a member is known.
 */
export function quotaOfLookUps({ memberPerMinute }: RequestLimits, userId: string): Quota {
  return { identity: `${userId} projects`, perMinute: projectsAtOnce * memberPerMinute };
}

/**
 * Counts a request as one unit when it arrives, before its cost is known. Sets the response headers `RateLimit-Limit`,
 * `RateLimit-Remaining`, and `RateLimit-Reset`, the seconds until the quota resets.
 * @returns a promise only if the count is stored in Redis
 * @throws RequestError `RATE_LIMITED`
 */
export function takeFromQuota(
  { quota }: Pick<RequestLimits, 'quota'>,
  { identity, perMinute }: Quota,
  head: ResponseHead,
): void | Promise<void> {
  return whenReady(quota.take(identity, perMinute, 1), (verdict) => apply(verdict, head));
}

/** Returns a function that counts the units of a request, of which `takeFromQuota` has counted the first. */
export function chargeTo(
  { quota }: Pick<RequestLimits, 'quota'>,
  { identity, perMinute }: Quota,
  head: ResponseHead,
): Charge {
  return (units) => {
    if (units > perMinute) throw requestErrors.costAboveLimit(units, perMinute);
    if (units === 1) return undefined;
    return whenReady(quota.take(identity, perMinute, units - 1), (verdict) => apply(verdict, head));
  };
}

function apply(
  { allowed, limit, remaining, resetSeconds }: QuotaVerdict,
  head: ResponseHead,
): void {
  head.set('ratelimit-limit', String(limit));
  head.set('ratelimit-remaining', String(remaining));
  head.set('ratelimit-reset', String(resetSeconds));
  if (!allowed) throw requestErrors.rateLimited(resetSeconds);
}
