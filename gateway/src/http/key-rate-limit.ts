import type { ServerResponse } from 'node:http';

import type { Viewer } from '../platform/access/viewer.ts';
import { errors } from '../platform/errors/errors.ts';
import type { RateLimiter } from '../platform/rate-limit/rate-limiter.ts';

const windowMs = 60_000;

/**
 * Counts a request against its API key's own limit and tells the caller how it stands: `RateLimit-Limit`,
 * `-Remaining`, and `-Reset`, the seconds until more is surely allowed.
 * @throws Refusal `RATE_LIMITED`
 */
export async function countAgainstKey(
  viewer: Viewer,
  rateLimiter: RateLimiter,
  response: ServerResponse,
): Promise<void> {
  if (viewer.kind !== 'apiKey' || viewer.rateLimitPerMinute === null) return;
  const rule = { name: 'apiKey', max: viewer.rateLimitPerMinute, windowMs };
  const { allowed, remaining, retryAfterSeconds } = await rateLimiter.consume(rule, viewer.keyId);
  response.setHeader('ratelimit-limit', rule.max);
  response.setHeader('ratelimit-remaining', remaining);
  response.setHeader('ratelimit-reset', allowed ? windowMs / 1000 : retryAfterSeconds);
  if (!allowed) throw errors.rateLimited(retryAfterSeconds);
}
