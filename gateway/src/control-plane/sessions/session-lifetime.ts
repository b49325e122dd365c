const hour = 60 * 60 * 1_000;
const day = 24 * hour;

/** A session that nobody uses ends after this long, in milliseconds. */
const idleLifetimeMs = 30 * day;
/** However much it is used, a session ends this long after its sign-in, in milliseconds. */
const absoluteLifetimeMs = 90 * day;
/** So long a rotated refresh token may come back for its child: two tabs, a lost answer. */
export const rotationGraceMs = 10_000;
/** A user has at most this many live sessions; a further sign-in ends those that rested longest. */
export const maxSessionsPerUser = 100;

/** When a session that began at `createdAt` and is used `now` ends, unless it is used again. */
export function sessionExpiry(createdAt: Date, now: Date): Date {
  return new Date(
    Math.min(now.getTime() + idleLifetimeMs, createdAt.getTime() + absoluteLifetimeMs),
  );
}
