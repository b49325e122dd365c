import { type UserViewer, principalAs, type Principal } from '../access/viewer.ts';
import type { Tx, Db } from '../../platform/db/database.ts';
import type { Prisma } from '#prisma';
import type { Clock } from '../../platform/clock.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import { errors } from '../errors/errors.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { standingAt, type StandingSessions } from './standing-sessions.ts';
import { controlPlaneLimits } from '../limits.ts';

/** When a session that began at `createdAt` and is used `now` ends, unless it is used again. */
export function sessionExpiry(createdAt: Date, now: Date): Date {
  return new Date(
    Math.min(
      now.getTime() + controlPlaneLimits.sessionIdleMs,
      createdAt.getTime() + controlPlaneLimits.sessionLifetimeMs,
    ),
  );
}

/** A session as it stands after a sign-in or a refresh, and who it makes of its holder. */
export interface StartedSession {
  readonly viewer: UserViewer;
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

export const userViewer = (
  user: { readonly id: string; readonly email: string },
  sessionId: string,
): UserViewer => ({ kind: 'user', userId: user.id, sessionId, email: user.email });

/**
 * Holds a user's row until the end of the transaction. Whatever changes several sessions of a user, or
 * their password, holds it first, so that such changes come one after the other.
 */
export async function lockUser(tx: Tx, userId: string): Promise<{ passwordHash: string } | null> {
  const [user] = await tx.$queryRaw<{ passwordHash: string }[]>`
    SELECT password_hash AS "passwordHash" FROM tessera.users
    WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  return user ?? null;
}

/** What one transaction does to sessions. */
export interface SessionChanges {
  /** The moment that the transaction counts as its own. */
  readonly now: Date;
  /**
   * Begins a session with the first refresh token of its family. The transaction has made or locked the
   * user's row; the sessions beyond the limit that were not used for longest end.
   */
  begin(caller: Principal, user: SessionOwner): Promise<StartedSession>;
  /** Ends those of the matching sessions that still stand; how many there were. */
  end(which: Prisma.SessionWhereInput): Promise<number>;
  /**
   * Asks whether the caller's own session still stands, and holds it: who was signed out a moment ago
   * must not sign out the others with an access token that lives a second longer.
   * @throws RequestError `UNAUTHENTICATED`
   */
  requireStanding(user: UserViewer): Promise<void>;
}

export interface SessionOwner {
  readonly id: string;
  readonly email: string;
}

/**
 * Runs a transaction that begins or ends sessions. When it has committed, the ended ones are dead here
 * at once, and on every other instance within a second.
 */
export type SessionTransaction = <T>(
  work: (tx: Tx, changes: SessionChanges) => Promise<T>,
) => Promise<T>;

export function createSessionTransaction({
  db,
  audit,
  standing,
  clock,
}: {
  db: Db;
  audit: AuditService;
  standing: StandingSessions;
  clock: Clock;
}): SessionTransaction {
  return async (work) => {
    const endedIds: string[] = [];
    const result = await db.$transaction((tx) => {
      const now = clock();
      const changes: SessionChanges = {
        now,
        async begin(caller, user) {
          const surplus = await surplusSessions(tx, { userId: user.id, now });
          if (surplus.length > 0) await changes.end({ id: { in: surplus } });
          const started = await insertSession(tx, caller, { user, now });
          await audit.record(tx, principalAs(started.viewer, caller), {
            action: 'session.create',
            target: { kind: 'session', id: started.viewer.sessionId, label: user.email },
          });
          return started;
        },
        async end(which) {
          const ids = await endSessions(tx, standing, { which, now });
          endedIds.push(...ids);
          return ids.length;
        },
        requireStanding: (user) => holdStanding(tx, user, now),
      };
      return work(tx, changes);
    });
    for (const id of endedIds) standing.forget(id);
    return result;
  };
}

async function insertSession(
  tx: Tx,
  caller: Principal,
  { user, now }: { user: SessionOwner; now: Date },
): Promise<StartedSession> {
  const refreshToken = createOpaqueToken();
  const { id, expiresAt } = await tx.session.create({
    data: {
      userId: user.id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: sessionExpiry(now, now),
      ipAddress: caller.ipAddress,
      userAgent: caller.userAgent?.slice(0, controlPlaneLimits.maxUserAgentLength) ?? null,
      refreshTokens: { create: { tokenHash: hashToken(refreshToken), createdAt: now } },
    },
    select: { id: true, expiresAt: true },
  });
  return { viewer: userViewer(user, id), refreshToken, expiresAt };
}

/** An ended session expires as well, so that the clean-up finds it by the one index. */
async function endSessions(
  tx: Tx,
  standing: StandingSessions,
  { which, now }: { which: Prisma.SessionWhereInput; now: Date },
): Promise<string[]> {
  const ended = await tx.session.updateManyAndReturn({
    where: { AND: [which, standingAt(now)] },
    data: { revokedAt: now, expiresAt: now },
    select: { id: true },
  });
  for (const { id } of ended) await standing.revoke(tx, id);
  return ended.map(({ id }) => id);
}

/** Those that must end to make room for one more. */
async function surplusSessions(
  tx: Tx,
  { userId, now }: { userId: string; now: Date },
): Promise<string[]> {
  const surplus = await tx.session.findMany({
    where: { userId, ...standingAt(now) },
    orderBy: { lastUsedAt: 'desc' },
    skip: controlPlaneLimits.maxSessionsPerUser - 1,
    take: controlPlaneLimits.maxSessionsPerUser,
    select: { id: true },
  });
  return surplus.map(({ id }) => id);
}

async function holdStanding(tx: Tx, { sessionId }: UserViewer, now: Date): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM tessera.sessions
    WHERE id = ${sessionId}::uuid AND revoked_at IS NULL AND expires_at > ${now}
    FOR SHARE`;
  if (rows.length === 0) throw errors.unauthenticated();
}
