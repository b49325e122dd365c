import type { Tx } from '../../platform/db/database.ts';
import { deriveChildToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import { rotationGraceMs, sessionExpiry } from './session-lifetime.ts';

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
  /** The token was the newest of its family; `refreshToken` is its child. */
  | { readonly kind: 'rotated'; readonly session: FamilySession; readonly refreshToken: string }
  /** The token came back so soon that its child, still unused, is handed out again. */
  | { readonly kind: 'repeated'; readonly session: FamilySession; readonly refreshToken: string }
  /** The token was exchanged before: it, or its child, is in a second pair of hands. */
  | { readonly kind: 'reused'; readonly session: FamilySession }
  | { readonly kind: 'invalid' };

export interface RotationRequest {
  readonly token: string;
  /** The key under which a child is derived from its parent. */
  readonly key: Uint8Array;
  readonly now: Date;
  /** Asked before a family grows by one token. */
  readonly admit: (session: FamilySession) => Promise<void>;
}

const opaqueToken = /^[A-Za-z0-9_-]{43}$/;

/**
 * Exchanges a refresh token for its child (RFC 9700, section 4.14.2), holding the session's row until
 * the end of the transaction: of many that bring the same token, one makes the child, and the others,
 * whichever process they are in, find it made.
 */
export async function rotateRefreshToken(tx: Tx, request: RotationRequest): Promise<Rotation> {
  const { token, key, now } = request;
  if (!opaqueToken.test(token)) return { kind: 'invalid' };
  const session = await lockFamily(tx, token);
  if (session === null || session.revokedAt !== null || session.expiresAt <= now) {
    return { kind: 'invalid' };
  }
  // Read only after the lock is held, so that what a concurrent exchange did is seen.
  const parent = await findToken(tx, token);
  if (parent === null) return { kind: 'invalid' };

  const refreshToken = deriveChildToken(key, token);
  if (parent.rotatedAt === null) {
    await request.admit(session);
    const expiresAt = await addChild(tx, { session, parentId: parent.id, refreshToken, now });
    return { kind: 'rotated', session: { ...session, expiresAt }, refreshToken };
  }
  const age = now.getTime() - parent.rotatedAt.getTime();
  return age <= rotationGraceMs && !parent.childUsed
    ? { kind: 'repeated', session, refreshToken }
    : { kind: 'reused', session };
}

/** The session that a refresh token, of whatever age, belongs to. */
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
