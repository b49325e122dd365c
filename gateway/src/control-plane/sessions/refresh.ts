import { createHmac } from 'node:crypto';

import type { Principal } from '../access/viewer.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { errors } from '../errors/errors.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import type { AuditService } from '../audit/audit.service.ts';
import {
  type SessionTransaction,
  userViewer,
  type StartedSession,
  sessionExpiry,
} from './session-changes.ts';
import type { Tx } from '../../platform/db/database.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import { controlPlaneLimits } from '../limits.ts';
import { rateLimits } from '../rate-limits.ts';

export interface RefreshDependencies {
  readonly audit: AuditService;
  readonly transaction: SessionTransaction;
  readonly refreshTokenKey: Uint8Array;
}

/** Refreshes a session with its refresh token. A token that was already exchanged ends the session. */
export function createRefresh(dependencies: RefreshDependencies) {
  const underWay = new Map<string, Promise<Rotation>>();

  /**
   * Exchanges a refresh token. Concurrent requests with the same token share one exchange, so that they do not each
   * occupy a connection.
   */
  function rotateOnce(caller: Principal, token: string, limiter: RateLimiter): Promise<Rotation> {
    const known = underWay.get(token);
    if (known !== undefined) return known;
    const rotation = rotate(dependencies, caller, token, limiter).finally(() =>
      underWay.delete(token),
    );
    underWay.set(token, rotation);
    return rotation;
  }

  /** @throws InvalidTokenError, RequestError `RATE_LIMITED` */
  return async (
    caller: Principal,
    token: string,
    limiter: RateLimiter,
  ): Promise<StartedSession> => {
    await enforceLimit(limiter, rateLimits.refreshPerNetwork, clientNetwork(caller.ipAddress));
    const rotation = await rotateOnce(caller, token, limiter);
    switch (rotation.kind) {
      case 'rotated':
      case 'repeated': {
        const { session, refreshToken } = rotation;
        const user = { id: session.userId, email: session.email };
        const viewer = userViewer(user, session.id);
        return { viewer, refreshToken, expiresAt: session.expiresAt };
      }
      case 'reused':
        throw errors.sessionEnded('REUSED');
      case 'ended':
        throw errors.sessionEnded(rotation.end);
      case 'unknown':
        throw errors.invalidToken('refresh token');
      default:
        return assertNever(rotation);
    }
  };
}

function rotate(
  { audit, transaction, refreshTokenKey }: RefreshDependencies,
  caller: Principal,
  token: string,
  limiter: RateLimiter,
): Promise<Rotation> {
  return transaction(async (tx, sessions) => {
    const rotation = await rotateRefreshToken(tx, {
      token,
      key: refreshTokenKey,
      now: sessions.now,
      admit: ({ id }) => enforceLimit(limiter, rateLimits.refreshSession, id),
    });
    // The error for a reused token is thrown after the transaction, because ending the session must be committed first.
    if (rotation.kind === 'reused') {
      const { id, userId, email } = rotation.session;
      await sessions.end({ id });
      await audit.record(tx, caller, {
        action: 'session.refreshReused',
        target: { kind: 'user', id: userId, label: email },
        details: { sessionId: id },
      });
    }
    return rotation;
  });
}

/** The session that a refresh token belongs to. */
export interface FamilySession {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

export type Rotation =
  /** The token was the newest one in its session. `refreshToken` is its successor. */
  | { readonly kind: 'rotated'; readonly session: FamilySession; readonly refreshToken: string }
  /** The token was sent again shortly after its exchange. Its successor is still unused, so it is returned again. */
  | { readonly kind: 'repeated'; readonly session: FamilySession; readonly refreshToken: string }
  /** The token was already exchanged. The token or its successor may have been stolen. */
  | { readonly kind: 'reused'; readonly session: FamilySession }
  /** The session has ended. */
  | { readonly kind: 'ended'; readonly end: 'EXPIRED' | 'REVOKED' }
  | { readonly kind: 'unknown' };

export interface RotationRequest {
  readonly token: string;
  /** The key that is used to derive a token's successor. */
  readonly key: Uint8Array;
  readonly now: Date;
  /** Called before a new token is added to the session. */
  readonly admit: (session: FamilySession) => Promise<void>;
}

const opaqueToken = /^[A-Za-z0-9_-]{43}$/;

/**
 * Exchanges a refresh token for its successor (RFC 9700, section 4.14.2). Locks the session's row until the end of the
 * transaction. If several requests send the same token concurrently, even to different instances, one of them creates
 * the successor and the others find it.
 */
async function rotateRefreshToken(tx: Tx, request: RotationRequest): Promise<Rotation> {
  const { token, key, now } = request;
  if (!opaqueToken.test(token)) return { kind: 'unknown' };
  const session = await lockFamily(tx, token);
  if (session === null) return { kind: 'unknown' };
  // Checked first, because revoking a session also sets its expiry time.
  if (session.revokedAt !== null) return { kind: 'ended', end: 'REVOKED' };
  if (session.expiresAt <= now) return { kind: 'ended', end: 'EXPIRED' };
  // Read after the lock is taken, so that the result of a concurrent exchange is visible.
  const parent = await findToken(tx, token);
  if (parent === null) return { kind: 'unknown' };

  const refreshToken = deriveChildToken(key, token);
  if (parent.rotatedAt === null) {
    await request.admit(session);
    const expiresAt = await addChild(tx, { session, parentId: parent.id, refreshToken, now });
    return { kind: 'rotated', session: { ...session, expiresAt }, refreshToken };
  }
  const age = now.getTime() - parent.rotatedAt.getTime();
  return age <= controlPlaneLimits.rotationGraceMs && !parent.childUsed
    ? { kind: 'repeated', session, refreshToken }
    : { kind: 'reused', session };
}

/** The session that a refresh token belongs to, even if the token was already exchanged. */
export async function findFamily(tx: Tx, token: string): Promise<FamilySession | null> {
  return opaqueToken.test(token) ? lockFamily(tx, token) : null;
}

async function lockFamily(tx: Tx, token: string): Promise<FamilySession | null> {
  const [session] = await tx.$queryRaw<FamilySession[]>`
    SELECT session.id, session.user_id AS "userId", account.email,
      session.created_at AS "createdAt", session.expires_at AS "expiresAt",
      session.revoked_at AS "revokedAt"
    FROM tessera.sessions session
    JOIN tessera.users account ON account.id = session.user_id
    WHERE session.id = (
      SELECT session_id FROM tessera.refresh_tokens WHERE token_hash = ${hashToken(token)}
    )
    FOR UPDATE OF session`;
  return session ?? null;
}

interface FoundToken {
  readonly id: string;
  readonly rotatedAt: Date | null;
  readonly childUsed: boolean;
}

async function findToken(tx: Tx, token: string): Promise<FoundToken | null> {
  const [found] = await tx.$queryRaw<FoundToken[]>`
    SELECT parent.id, parent.rotated_at AS "rotatedAt", child.rotated_at IS NOT NULL AS "childUsed"
    FROM tessera.refresh_tokens parent
    LEFT JOIN tessera.refresh_tokens child ON child.parent_id = parent.id
    WHERE parent.token_hash = ${hashToken(token)}`;
  return found ?? null;
}

async function addChild(
  tx: Tx,
  {
    session,
    parentId,
    refreshToken,
    now,
  }: { session: FamilySession; parentId: string; refreshToken: string; now: Date },
): Promise<Date> {
  await tx.refreshToken.update({
    where: { id: parentId },
    data: { rotatedAt: now },
    select: { id: true },
  });
  await tx.refreshToken.create({
    data: {
      sessionId: session.id,
      parentId,
      tokenHash: hashToken(refreshToken),
      createdAt: now,
    },
    select: { id: true },
  });
  const expiresAt = sessionExpiry(session.createdAt, now);
  await tx.session.update({
    where: { id: session.id },
    data: { lastUsedAt: now, expiresAt },
    select: { id: true },
  });
  return expiresAt;
}

const childTokenDomain = 'tessera/refresh-token/child/v1\0';

/**
 * The refresh token that follows `parent` in its session: HMAC-SHA-256 with `key`, 43 base64url characters. A token
 * always has the same successor. A client that did not receive a response gets the same token again, although no token
 * is stored in readable form. The domain prefix separates these values from other uses of the key.
 */
export function deriveChildToken(key: Uint8Array, parent: string): string {
  return createHmac('sha256', key).update(childTokenDomain).update(parent).digest('base64url');
}
