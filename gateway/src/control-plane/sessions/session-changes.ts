import { type UserViewer, principalAs, type Principal } from '../access/viewer.ts';
import type { Tx, Db } from '../../platform/db/database.ts';
import type { Prisma } from '#prisma';
import type { Clock } from '../../platform/clock.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import { errors } from '../errors/errors.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { standingAt, type StandingSessions } from './standing-sessions.ts';
import { controlPlaneLimits } from '../limits.ts';

/** The expiry of a session that was created at `createdAt` and was last used at `now`. */
export function sessionExpiry(createdAt: Date, now: Date): Date {
  return new Date(
    Math.min(
      now.getTime() + controlPlaneLimits.sessionIdleMs,
      createdAt.getTime() + controlPlaneLimits.sessionLifetimeMs,
    ),
  );
}

/** A session that was created by a sign-in or continued by a refresh, and the viewer that it belongs to. */
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
 * Locks a user's row until the end of the transaction. Every change to a user's password, or to several of their
 * sessions, takes this lock first, so that these changes run one at a time.
 */
export async function lockUser(tx: Tx, userId: string): Promise<{ passwordHash: string } | null> {
  const [user] = await tx.$queryRaw<{ passwordHash: string }[]>`
    SELECT password_hash AS "passwordHash" FROM tessera.users
    WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  return user ?? null;
}

/** Operations on sessions within one transaction. */
export interface SessionChanges {
  /** The time of all changes in the transaction. */
  readonly now: Date;
  /**
   * Creates a session with its first refresh token. The transaction must have created or locked the user's row. If the
   * user has too many sessions, ends those that have been unused for the longest time.
   */
  begin(caller: Principal, user: SessionOwner): Promise<StartedSession>;
  /** Ends the matching sessions that are still active. Returns the number of ended sessions. */
  end(which: Prisma.SessionWhereInput): Promise<number>;
  /**
   * Checks that the caller's own session is still active, and locks it. A user who was just signed out must not be able
   * to end other sessions with an access token that is still valid.
   * @throws RequestError `UNAUTHENTICATED`
   */
  requireStanding(user: UserViewer): Promise<void>;
}

export interface SessionOwner {
  readonly id: string;
  readonly email: string;
}

/**
 * Runs a transaction that creates or ends sessions. After the commit, ended sessions stop working immediately on this
 * instance and within a second on all others.
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

/** Ends the matching sessions. Also sets their expiry time, so that the cleanup can find them with the same index. */
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

/** The sessions that must end to make room for a new one. */
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
