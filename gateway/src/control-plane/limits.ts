const secondMs = 1_000;
const hourMs = 60 * 60 * secondMs;
const dayMs = 24 * hourMs;

/**
 * How much of each thing there may be in the control plane, and how long things last. Rates of single mutations stand
 * beside them, and what an operator may set is in `config.ts`.
 */
export const controlPlaneLimits = {
  /** A user is in at most this many organizations; joining more is refused. */
  maxOrganizationsPerUser: 200,
  maxProjectsPerOrganization: 500,

  maxOpenInvitations: 100,
  /** Time until an open invitation expires. */
  invitationLifetimeMs: 7 * dayMs,

  /** A user has at most this many live sessions; a further sign-in ends those that were unused longest. */
  maxSessionsPerUser: 100,
  /** A session that is not used ends after this long. */
  sessionIdleMs: 30 * dayMs,
  /** However much it is used, a session ends this long after its sign-in. */
  sessionLifetimeMs: 90 * dayMs,
  /** For this long a rotated refresh token still gets its child: two tabs, a lost answer. */
  rotationGraceMs: 10 * secondMs,
  maxUserAgentLength: 512,

  passwordResetMinutes: 60,
  emailVerificationHours: 72,
  /** In code points, counted after `preparePassword`. */
  minPasswordLength: 12,
  maxPasswordLength: 256,

  maxActiveKeysPerProject: 100,
  maxScopesPerKey: 100,
  /** The highest rate limit that a key can be given, in requests per minute. */
  maxKeyRateLimit: 1_000_000,
  /** 30 days: how long a key may stay valid after its rotation. */
  maxKeyOverlapSeconds: 30 * 24 * 60 * 60,

  /** Days of usage that are kept and can be queried: a year, and a month to compare it with the one before. */
  maxUsageDays: 400,

  /** Nodes of one page of a connection. */
  maxPageSize: 100,
} as const;
