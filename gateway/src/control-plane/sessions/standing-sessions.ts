import type { Prisma } from '#prisma';
import { createRevocableCache, type RevocableCache } from '../../platform/cache/revocable-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';

/** What a request needs to know of the session that its access token names. */
export interface StandingSession {
  readonly userId: string;
  readonly email: string;
  readonly expiresAt: Date;
}

export type StandingSessions = RevocableCache<string, StandingSession>;

const maxRemembered = 50_000;
const rememberedMs = 30_000;

/** The sessions that stand at `now`: neither ended nor expired. */
export const standingAt = (now: Date) =>
  ({ revokedAt: null, expiresAt: { gt: now } }) satisfies Prisma.SessionWhereInput;

/**
 * The sessions that stand, by id. What is remembered is dropped on every instance when a session ends.
 * That a refresh moves `expiresAt` needs no such word: it only ever moves it away.
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
