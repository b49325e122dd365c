import { hash } from 'node:crypto';

import type { Subject } from '../engine/runtime.ts';
import type { Charge } from '../graphql/request-cost.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import { clientNetwork } from '../platform/rate-limit/client-network.ts';
import type { QuotaVerdict, RequestQuota } from '../platform/rate-limit/request-quota.ts';
import { whenReady } from '../platform/when-ready.ts';
import type { ResponseHead } from './request-scope.ts';

export interface RequestLimits {
  readonly quota: RequestQuota;
  /** The default limit of a key, in units per minute. */
  readonly keyPerMinute: number;
  /** The limit of a member in each project, and of a user in the management API, in units per minute. */
  readonly memberPerMinute: number;
  /**
   * The quota of requests with publishable keys, with the limits of their keys. A separate quota, because clients can
   * have many networks and users.
   */
  readonly publicQuota: RequestQuota;
  /** The limit of requests without a credential. A separate quota, because clients can have many networks. */
  readonly anonymous: {
    readonly quota: RequestQuota;
    /** Units per minute of a client network. */
    readonly perMinute: number;
  };
}

/** Requests with the same identity are counted together. */
export interface Quota {
  readonly counts: RequestQuota;
  /** Identifies a verified caller or a client network. */
  readonly identity: string;
  readonly perMinute: number;
}

/** An API key. `rateLimitPerMinute` is the key's own limit, or null for the default. */
interface LimitedKey {
  readonly keyId: string;
  readonly rateLimitPerMinute: number | null;
}

/** Returns the quota of a secret key. */
export function quotaOfKey(
  { quota, keyPerMinute }: RequestLimits,
  { keyId, rateLimitPerMinute }: LimitedKey,
): Quota {
  return { counts: quota, identity: keyId, perMinute: rateLimitPerMinute ?? keyPerMinute };
}

/** Returns the quota of a client of a publishable key. Everyone can read the key, so its clients share no quota. */
export function quotaOfClient(
  { publicQuota, keyPerMinute }: RequestLimits,
  { keyId, rateLimitPerMinute }: LimitedKey,
  ipAddress: string,
): Quota {
  return {
    counts: publicQuota,
    identity: `${keyId} ${clientNetwork(ipAddress)}`,
    perMinute: rateLimitPerMinute ?? keyPerMinute,
  };
}

/** Returns the quota of a user whose token is sent with a publishable key. */
export function quotaOfEndUser(
  { publicQuota, keyPerMinute }: RequestLimits,
  { keyId, rateLimitPerMinute }: LimitedKey,
  user: Subject['user'],
): Quota {
  // A hash, because the value can be long. No two issuers of a project share a field.
  const identity = hash('sha256', JSON.stringify([keyId, user?.field, user?.value]), 'base64');
  return { counts: publicQuota, identity, perMinute: rateLimitPerMinute ?? keyPerMinute };
}

/** Returns the quota of all requests without a credential of one client network. */
export function quotaOfAnonymous({ anonymous }: RequestLimits, ipAddress: string): Quota {
  return {
    counts: anonymous.quota,
    identity: clientNetwork(ipAddress),
    perMinute: anonymous.perMinute,
  };
}

/** Returns the quota of a user's requests to the management API. */
export function quotaOfUser({ quota, memberPerMinute }: RequestLimits, userId: string): Quota {
  return { counts: quota, identity: userId, perMinute: memberPerMinute };
}

/** Returns the quota of a member's requests to one project's API. */
export function quotaOfMember(
  { quota, memberPerMinute }: RequestLimits,
  userId: string,
  projectId: string,
): Quota {
  return { counts: quota, identity: `${userId} ${projectId}`, perMinute: memberPerMinute };
}

/** A user's requests to all projects together. */
const projectsAtOnce = 10;

/**
 * Returns the quota of a user's requests to all projects' APIs. It limits the lookups of memberships, which come before
 * the quota of a member is known.
 */
export function quotaOfLookUps({ quota, memberPerMinute }: RequestLimits, userId: string): Quota {
  return {
    counts: quota,
    identity: `${userId} projects`,
    perMinute: projectsAtOnce * memberPerMinute,
  };
}

/**
 * Counts a request as one unit without telling the client, whose response is about another limit.
 * @throws RequestError `RATE_LIMITED`
 */
export function takeSilently({ counts, identity, perMinute }: Quota): void | Promise<void> {
  return whenReady(counts.take(identity, perMinute, 1), ({ allowed, resetSeconds }) => {
    if (!allowed) throw requestErrors.rateLimited(resetSeconds);
  });
}

/**
 * Counts a request as one unit when it arrives, before its cost is known. Sets the response headers `RateLimit-Limit`,
 * `RateLimit-Remaining`, and `RateLimit-Reset`, the seconds until the quota resets.
 * @returns a promise only if the count is stored in Redis
 * @throws RequestError `RATE_LIMITED`
 */
export function takeFromQuota(
  { counts, identity, perMinute }: Quota,
  head: ResponseHead,
): void | Promise<void> {
  return whenReady(counts.take(identity, perMinute, 1), (verdict) => apply(verdict, head));
}

/** Returns a function that counts the units of a request, of which `takeFromQuota` has counted the first. */
export function chargeTo({ counts, identity, perMinute }: Quota, head: ResponseHead): Charge {
  return (units) => {
    if (units > perMinute) throw requestErrors.costAboveLimit(units, perMinute);
    if (units === 1) return undefined;
    return whenReady(counts.take(identity, perMinute, units - 1), (verdict) =>
      apply(verdict, head),
    );
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
