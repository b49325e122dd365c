import { enforceLimit } from '../../platform/rate-limit/enforce-limit.ts';
import type { RateLimiter, RateLimitRule } from '../../platform/rate-limit/rate-limiter.ts';

const windowMs = 60 * 60 * 1000;
const perUser: RateLimitRule = { name: 'inviteMember:user', max: 120, windowMs };
const perOrganization: RateLimitRule = { name: 'inviteMember:organization', max: 60, windowMs };

/**
 * Counts a try to invite. Its mail goes to somebody who never asked for it, so both the organization and
 * the person behind it have a limit: organizations cost nothing to make.
 * @throws RequestError `RATE_LIMITED`
 */
export async function countInvitation(
  limiter: RateLimiter,
  { userId, organizationId }: { readonly userId: string; readonly organizationId: string },
): Promise<void> {
  await enforceLimit(limiter, perUser, userId);
  await enforceLimit(limiter, perOrganization, organizationId);
}
