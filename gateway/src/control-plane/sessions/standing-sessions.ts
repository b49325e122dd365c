import type { Prisma } from '#prisma';
import { createRevocableCache, type RevocableCache } from '../../platform/cache/revocable-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';

/** The properties of an active session that requests need. */
export interface StandingSession {
  readonly userId: string;
  readonly email: string;
  readonly expiresAt: Date;
}

export type StandingSessions = RevocableCache<string, StandingSession>;

const maxRemembered = 50_000;
const rememberedMs = 30_000;

/** A filter for the sessions that are active at `now`: neither ended nor expired. */
export const standingAt = (now: Date) =>
  ({ revokedAt: null, expiresAt: { gt: now } }) satisfies Prisma.SessionWhereInput;

/**
 * A cache of active sessions by their ids. When a session ends, it is removed from the cache of every instance. A
 * refresh needs no such notification, because it only moves `expiresAt` to a later time.
 */
export function createStandingSessions({
  db,
  pubsub,
  clock,
}: {
  db: Db;
  pubsub: PubSub;
  clock: Clock;
}): StandingSessions {
  return createRevocableCache({
    max: maxRemembered,
    ttlMs: rememberedMs,
    pubsub,
    channel: 'session_ended',
    clock,
    load: async (id) => {
      const session = await db.session.findFirst({
        where: { id, ...standingAt(clock()) },
        select: { userId: true, expiresAt: true, user: { select: { email: true } } },
      });
      if (session === null) return null;
      const { userId, expiresAt, user } = session;
      return { userId, expiresAt, email: user.email };
    },
  });
}
