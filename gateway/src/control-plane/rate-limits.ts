import type { RateLimitRule } from '../platform/rate-limit/sliding-log.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * The rate limits of mutations that operators cannot change. The settings for sign-ins, registrations and requests of
 * API keys are in `config.ts`.
 */
export const rateLimits = {
  changePassword: { name: 'changePassword:account', max: 20, windowMs: minuteMs },
  requestResetPerNetwork: { name: 'requestReset:address', max: 30, windowMs: minuteMs },
  requestResetPerAccount: { name: 'requestReset:account', max: 5, windowMs: minuteMs },
  resetPassword: { name: 'reset:address', max: 30, windowMs: minuteMs },
  verifyEmail: { name: 'verifyEmail:address', max: 60, windowMs: minuteMs },
  /** The address may belong to a stranger until it is verified, so the number of emails to it is limited. */
  resendVerification: { name: 'resendVerification:account', max: 5, windowMs: hourMs },
  /** Requests by address, from users who cannot sign in before they verify it. */
  resendVerificationPerNetwork: { name: 'resendVerification:address', max: 30, windowMs: minuteMs },
  /** Applies if addresses must be verified: each registration then sends an email to the address. */
  registerPerAddress: { name: 'register:account', max: 5, windowMs: hourMs },
  /** A client refreshes every ten minutes. This limit determines how fast the number of tokens in a session can grow. */
  refreshSession: { name: 'refresh:session', max: 60, windowMs: minuteMs },
  /** Also limits the lookups of invalid tokens. Many users can share an address. */
  refreshPerNetwork: { name: 'refresh:address', max: 1_200, windowMs: minuteMs },
  /** Refused sign-ins for one address write at most this many audit entries. */
  signInRefusalEntry: { name: 'signIn:refusalEntry', max: 1, windowMs: minuteMs },
  /**
   * Invitation emails go to people who did not request them. There is a limit per user in addition to the limit per
   * organization, because a user can create many organizations.
   */
  invitePerUser: { name: 'inviteMember:user', max: 120, windowMs: hourMs },
  previewInvitation: { name: 'invitation:address', max: 120, windowMs: minuteMs },
  invitePerOrganization: { name: 'inviteMember:organization', max: 60, windowMs: hourMs },
  /** The console plans the SDL while the user types, at most once every half second. */
  planPerCaller: { name: 'planSchema:caller', max: 120, windowMs: minuteMs },
  planPerProject: { name: 'planSchema:project', max: 240, windowMs: minuteMs },
  /** The console reads the rights of an SDL together with its plan. */
  rightsPerCaller: { name: 'projectAccess:caller', max: 120, windowMs: minuteMs },
  rightsPerProject: { name: 'projectAccess:project', max: 240, windowMs: minuteMs },
  /** An explanation runs the operation, and reads the same rows again. */
  explainPerCaller: { name: 'explainAccess:caller', max: 60, windowMs: minuteMs },
  explainPerProject: { name: 'explainAccess:project', max: 120, windowMs: minuteMs },
} as const satisfies Readonly<Record<string, RateLimitRule>>;
