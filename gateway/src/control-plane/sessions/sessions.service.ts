import type { Prisma } from '#prisma';
import type { Principal, UserViewer } from '../access/viewer.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AccountPolicy } from '../account-policy.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { PasswordHasher } from '../../platform/crypto/password-hasher.ts';
import type { Db } from '../../platform/db/database.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import { isUuid } from '../validation/input.ts';
import type { RateLimiter } from '../graphql/field-limits.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { createRefresh } from './refresh.ts';
import {
  createSessionTransaction,
  type SessionTransaction,
  userViewer,
  type StartedSession,
} from './session-changes.ts';
import { createSignIn, type SignInInput } from './sign-in.ts';
import { createSignOut } from './sign-out.ts';
import { createStandingSessions, standingAt } from './standing-sessions.ts';

export type { SessionChanges } from './session-changes.ts';

/** The tokens that a client receives after a sign-in or a refresh. They are returned only once. */
export interface IssuedSession {
  readonly viewer: UserViewer;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
}

export interface SessionsService {
  /** The user that an access token belongs to. Null if the token is invalid or expired, or its session has ended. */
  authenticate(accessToken: string): Promise<UserViewer | null>;
  /**
   * Signs a user in with an email address and a password.
   * @throws ValidationError, InvalidCredentialsError, EmailNotVerifiedError
   * @throws RequestError `RATE_LIMITED` or `OVERLOADED`
   */
  login(caller: Principal, input: SignInInput, limiter: RateLimiter): Promise<IssuedSession>;
  /**
   * Exchanges a refresh token for the next one. A token that was already exchanged ends its session.
   * @throws InvalidTokenError, RequestError `RATE_LIMITED`
   */
  refresh(caller: Principal, refreshToken: string, limiter: RateLimiter): Promise<IssuedSession>;
  /** Ends the caller's session and the session that the refresh token belongs to, if they exist. */
  logout(caller: Principal, refreshToken: string | null): Promise<void>;
  /** Revokes one of the caller's sessions. @throws NotFoundError */
  revoke(caller: Principal, input: { readonly id: string }): Promise<void>;
  /** Revokes all of the caller's sessions except the current one. */
  revokeOthers(caller: Principal): Promise<void>;
  /** A filter for a user's active sessions. */
  standingOf(userId: string): Prisma.SessionWhereInput;
  /** Runs a transaction in which another feature creates or ends sessions. */
  readonly transaction: SessionTransaction;
  /** Issues the tokens for a session that was created with `transaction`. */
  issue(started: StartedSession): Promise<IssuedSession>;
  /** Stops listening for sessions that end on other instances. */
  close(): void;
}

export interface SessionsDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly passwords: PasswordHasher;
  readonly accessTokens: AccessTokens;
  readonly pubsub: PubSub;
  readonly clock: Clock;
  /**
   * Used to derive each refresh token from the previous one. Must have at least 32 bytes and be the same on every
   * instance.
   */
  readonly refreshTokenKey: Uint8Array;
  /** Limits the sign-in attempts per network address and per account. */
  readonly signInLimitPerMinute: number;
  readonly emailVerification: AccountPolicy['emailVerification'];
}

export function createSessionsService(dependencies: SessionsDependencies): SessionsService {
  const { accessTokens, clock } = dependencies;
  const standing = createStandingSessions(dependencies);
  const transaction = createSessionTransaction({ ...dependencies, standing });
  const signIn = createSignIn({ ...dependencies, transaction });
  const refresh = createRefresh({ ...dependencies, transaction });
  const signOut = createSignOut({ ...dependencies, transaction });

  async function issue(started: StartedSession): Promise<IssuedSession> {
    const { viewer, refreshToken, expiresAt: refreshTokenExpiresAt } = started;
    const { token, expiresAt } = await accessTokens.issue(viewer);
    return {
      viewer,
      accessToken: token,
      accessTokenExpiresAt: expiresAt,
      refreshToken,
      refreshTokenExpiresAt,
    };
  }

  return {
    ...signOut,
    transaction,
    issue,
    login: async (caller, input, limiter) => issue(await signIn(caller, input, limiter)),
    refresh: async (caller, refreshToken, limiter) =>
      issue(await refresh(caller, refreshToken, limiter)),
    standingOf: (userId) => ({ userId, ...standingAt(clock()) }),
    close: () => standing.close(),

    async authenticate(accessToken) {
      const verified = await accessTokens.verify(accessToken);
      if (verified === null || !isUuid(verified.sessionId)) return null;
      const { userId, sessionId } = verified;
      const session = await standing.get(sessionId);
      if (session?.userId !== userId || session.expiresAt <= clock()) return null;
      return userViewer({ id: userId, email: session.email }, sessionId);
    },
  };
}
