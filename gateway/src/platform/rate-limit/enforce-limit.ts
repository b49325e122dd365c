import { requestErrors } from '../errors/request-errors.ts';
import type { RateLimitRule } from './rate-limit-backend.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Counts a try against a rule. @throws RequestError `RATE_LIMITED`, with the time to wait, when it is one too many */
export async function enforceLimit(
  limiter: RateLimiter,
  rule: RateLimitRule,
  identity: string,
): Promise<void> {
  const { allowed, retryAfterSeconds } = await limiter.consume(rule, identity);
  if (!allowed) throw requestErrors.rateLimited(retryAfterSeconds);
}
