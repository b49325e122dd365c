import type { Caller } from '../access/caller.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import { errors } from '../../platform/errors/errors.ts';
import { requireUser } from '../access/access.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { UsersDependencies } from './dependencies.ts';

/** The address may be a stranger's until it is proven: their mailbox must not be flooded. */
const resendLimit = { name: 'resendVerification:account', max: 5, windowMs: 60 * 60_000 };

/** Proving that an address is its user's, by a link that was mailed to it. */
export function createEmailVerification(dependencies: UsersDependencies) {
  const { db, audit, mails, clock } = dependencies;

  return {
    async verifyEmail(caller: Caller, { token }: { readonly token: string }): Promise<void> {
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
        // Proven before, by another link: there is nothing left to change.
        if (count === 0) return;
        await audit.record(tx, caller, {
          action: 'user.verifyEmail',
          target: { kind: 'user', id: link.userId, label: link.email },
        });
      });
    },

    async resendEmailVerification(caller: Caller, limiter: RateLimiter): Promise<void> {
      const { userId } = requireUser(caller);
      await enforceLimit(limiter, resendLimit, userId);
      // The task looks whether the address is proven by then.
      await db.$transaction((tx) => mails.emailVerification(tx, { userId }));
    },
  };
}
