import type { Caller } from '../access/caller.ts';
import { assertNever, errors } from '../../platform/errors/errors.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { rotateRefreshToken, type Rotation } from './refresh-rotation.ts';
import type { SessionTransaction } from './session-changes.ts';
import { userViewer, type StartedSession } from './started-session.ts';

export interface RefreshDependencies {
  readonly audit: AuditService;
  readonly transaction: SessionTransaction;
  readonly refreshTokenKey: Uint8Array;
}

/** A client refreshes every ten minutes; this bounds how fast a family of tokens can grow. */
const rotationLimit = { name: 'refresh:session', max: 60, windowMs: 60_000 };

/** Goes on with a session by its refresh token. A token that was exchanged before ends the session. */
export function createRefresh(dependencies: RefreshDependencies) {
  const underWay = new Map<string, Promise<Rotation>>();

  /** Whoever brings a token while it is exchanged joins in, rather than hold a connection and wait. */
  function rotateOnce(caller: Caller, token: string, limiter: RateLimiter): Promise<Rotation> {
    const known = underWay.get(token);
    if (known !== undefined) return known;
    const rotation = rotate(dependencies, caller, token, limiter).finally(() =>
      underWay.delete(token),
    );
    underWay.set(token, rotation);
    return rotation;
  }

  /** @throws InvalidTokenError, Refusal `RATE_LIMITED` */
  return async (caller: Caller, token: string, limiter: RateLimiter): Promise<StartedSession> => {
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
      case 'invalid':
        throw errors.invalidToken('refresh token');
      default:
        return assertNever(rotation);
    }
  };
}

function rotate(
  { audit, transaction, refreshTokenKey }: RefreshDependencies,
  caller: Caller,
  token: string,
  limiter: RateLimiter,
): Promise<Rotation> {
  return transaction(async (tx, sessions) => {
    const rotation = await rotateRefreshToken(tx, {
      token,
      key: refreshTokenKey,
      now: sessions.now,
      admit: ({ id }) => enforceLimit(limiter, rotationLimit, id),
    });
    // Not thrown from here: the end of the family has to be committed.
    if (rotation.kind === 'reused') {
      const { id, userId, email } = rotation.session;
      await sessions.end({ id });
      await audit.record(tx, caller, {
        action: 'session.refreshReused',
        target: { kind: 'session', id, label: email },
        details: { userId },
      });
    }
    return rotation;
  });
}
