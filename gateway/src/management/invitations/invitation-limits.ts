import { errors } from '../../platform/errors/errors.ts';

const hourMs = 60 * 60 * 1000;

/**
 * Tessera sends mail to addresses that never asked for it, so both the organization and the person
 * behind it have a limit: organizations cost nothing to make.
 */
const perOrganization = { name: 'inviteMember:organization', max: 60, windowMs: hourMs } as const;
const perUser = { name: 'inviteMember:user', max: 120, windowMs: hourMs } as const;

/** The part of the rate limiter that this needs (`platform/rate-limit`). */
export type ConsumeRate = (
  rule: { readonly name: string; readonly max: number; readonly windowMs: number },
  identity: string,
) => Promise<{ readonly allowed: boolean; readonly retryAfterSeconds: number }>;

export interface InvitationLimits {
  /** @throws Refusal `RATE_LIMITED` */
  count(who: { readonly organizationId: string; readonly userId: string }): Promise<void>;
}

export function createInvitationLimits(consume: ConsumeRate): InvitationLimits {
  return {
    async count({ organizationId, userId }) {
      for (const [rule, identity] of [
        [perUser, userId],
        [perOrganization, organizationId],
      ] as const) {
        const { allowed, retryAfterSeconds } = await consume(rule, identity);
        if (!allowed) throw errors.rateLimited(retryAfterSeconds);
      }
    },
  };
}
