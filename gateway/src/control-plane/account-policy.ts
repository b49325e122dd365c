export const registrationModes = ['open', 'invited', 'closed'] as const;
export const emailVerificationModes = ['required', 'optional'] as const;

/** The operator's settings for accounts. */
export interface AccountPolicy {
  /**
   * Who can register: everyone, only those who have an invitation to an organization, or nobody. Existing accounts are
   * not affected.
   */
  readonly registration: (typeof registrationModes)[number];
  /** Whether a user can sign in only after the email address was verified. */
  readonly emailVerification: (typeof emailVerificationModes)[number];
}
