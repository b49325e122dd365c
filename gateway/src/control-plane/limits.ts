const secondMs = 1_000;
const hourMs = 60 * 60 * secondMs;
const dayMs = 24 * hourMs;

/** Limits on the number of resources, which operators configure. */
export interface ResourceLimits {
  /** The maximum number of organizations that a user can belong to. */
  readonly organizationsPerUser: number;
  readonly projectsPerOrganization: number;
  readonly openInvitationsPerOrganization: number;
  readonly activeKeysPerProject: number;
}

/** The limits if the operator does not configure others. */
export const defaultResourceLimits: ResourceLimits = {
  organizationsPerUser: 200,
  projectsPerOrganization: 500,
  openInvitationsPerOrganization: 100,
  activeKeysPerProject: 100,
};

/**
 * Other limits on the control plane's resources and their lifetimes. Rate limits are in `rate-limits.ts`,
 * and the settings for operators are in `config.ts`.
 */
export const controlPlaneLimits = {
  /** The time after which an open invitation expires. */
  invitationLifetimeMs: 7 * dayMs,

  /**
   * The maximum number of active sessions per user. The next sign-in ends the sessions that have been unused for the
   * longest time.
   */
  maxSessionsPerUser: 100,
  /** The time after which an unused session ends. */
  sessionIdleMs: 30 * dayMs,
  /** The maximum lifetime of a session, counted from the sign-in. */
  sessionLifetimeMs: 90 * dayMs,
  /**
   * The time during which a refresh token that was already exchanged still returns its successor, in case two tabs
   * refresh at once or a response is lost.
   */
  rotationGraceMs: 10 * secondMs,
  maxUserAgentLength: 512,

  passwordResetMinutes: 60,
  emailVerificationHours: 72,
  /** In code points, counted in the result of `preparePassword`. */
  minPasswordLength: 12,
  maxPasswordLength: 256,

  maxScopesPerKey: 100,
  /** The maximum rate limit for a key, in units per minute. */
  maxKeyRateLimit: 1_000_000,
  /** The maximum time that a key can stay valid after its rotation: 30 days. */
  maxKeyOverlapSeconds: 30 * 24 * 60 * 60,

  /** The maximum number of origins whose pages can call a project's API. */
  maxAllowedOrigins: 50,
  /** The maximum number of claims that one trusted issuer's settings map. */
  maxMappedClaims: 50,

  /** In characters. */
  maxExplainedQueryLength: 50_000,
  /** The maximum length of the variables and of the claims of an explained operation, in characters of JSON. */
  maxExplainedInputLength: 100_000,

  /**
   * The number of days for which usage is kept: 13 months, so that a month can be compared with the same month of the
   * previous year.
   */
  maxUsageDays: 400,

  /** The maximum number of nodes on one page of a connection. */
  maxPageSize: 100,
} as const;
