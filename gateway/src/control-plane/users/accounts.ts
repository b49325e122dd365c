import { z } from 'zod';

import type { Principal } from '../access/viewer.ts';
import { errors } from '../errors/errors.ts';
import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import { displayName, emailAddress, parseInput } from '../validation/input.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { UsersDependencies } from './dependencies.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import { requireUser } from '../access/access.service.ts';
import type { User } from '#prisma';
import { rateLimits } from '../rate-limits.ts';

const resendSchema = z.object({ email: emailAddress });

export type ResendRequest = z.input<typeof resendSchema>;

/** Verifies email addresses with a link that is mailed to them. */
export function createEmailVerification(dependencies: UsersDependencies) {
  const { db, audit, mails, clock } = dependencies;

  return {
    async verifyEmail(
      caller: Principal,
      { token }: { readonly token: string },
      limiter: RateLimiter,
    ): Promise<void> {
      await enforceLimit(limiter, rateLimits.verifyEmail, clientNetwork(caller.ipAddress));
      const tokenHash = hashToken(token);
      await db.$transaction(async (tx) => {
        const now = clock();
        const [link] = await tx.emailVerification.updateManyAndReturn({
          where: { tokenHash, usedAt: null, expiresAt: { gt: now } },
          data: { usedAt: now },
          select: { userId: true, email: true },
        });
        if (link === undefined) throw errors.invalidToken('verification link');
        const { count } = await tx.user.updateMany({
          where: { id: link.userId, email: link.email, emailVerifiedAt: null },
          data: { emailVerifiedAt: now },
        });
        // The address was already verified with another link, so there is nothing to change.
        if (count === 0) return;
        await audit.record(tx, caller, {
          action: 'user.verifyEmail',
          target: { kind: 'user', id: link.userId, label: link.email },
        });
      });
    },

    /**
     * Runs the same steps for every address. The mail task checks later whether the address has an account that is not
     * verified, so that the response time does not reveal it.
     */
    async resendEmailVerificationTo(
      caller: Principal,
      input: ResendRequest,
      limiter: RateLimiter,
    ): Promise<void> {
      const { email } = parseInput(resendSchema, input);
      const network = clientNetwork(caller.ipAddress);
      await enforceLimit(limiter, rateLimits.resendVerificationPerNetwork, network);
      await enforceLimit(limiter, rateLimits.resendVerification, email);
      await db.$transaction((tx) => mails.emailVerification(tx, { email }));
    },

    async resendEmailVerification(caller: Principal, limiter: RateLimiter): Promise<void> {
      const { userId } = requireUser(caller);
      await enforceLimit(limiter, rateLimits.resendVerification, userId);
      // The mail task checks whether the address has been verified in the meantime.
      await db.$transaction((tx) => mails.emailVerification(tx, { userId }));
    },
  };
}

const profileSchema = z.object({ name: displayName });

export type ProfileUpdate = z.input<typeof profileSchema>;

/** Changes a user's name. */
export function createProfileUpdate({ audit, sessions }: UsersDependencies) {
  return async (caller: Principal, input: ProfileUpdate): Promise<User> => {
    const viewer = requireUser(caller);
    const { name } = parseInput(profileSchema, input);
    return sessions.transaction(async (tx, changes) => {
      const before = await tx.user.findUnique({ where: { id: viewer.userId } });
      if (before === null) throw errors.unauthenticated();
      if (before.name === name) return before;
      // Locks the row, and checks that the current name is still the one that the audit entry will record as the
      // previous name.
      const [user] = await tx.user.updateManyAndReturn({
        where: { id: before.id, name: before.name },
        data: { name },
      });
      if (user === undefined) throw errors.conflict();
      await changes.requireStanding(viewer);
      await audit.record(tx, caller, {
        action: 'user.updateProfile',
        target: { kind: 'user', id: user.id, label: user.email },
        details: { before: { name: before.name }, after: { name } },
      });
      return user;
    });
  };
}
