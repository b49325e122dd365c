import { z } from 'zod';

import type { Caller } from '../access/caller.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import { checkPassword } from '../../platform/crypto/password-policy.ts';
import type { Tx } from '../../platform/db/database.ts';
import { errors } from '../../platform/errors/errors.ts';
import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import { emailAddress, parseInput, passwordText } from '../../platform/validation/input.ts';
import type { SessionChanges } from '../sessions/sessions.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { UsersDependencies } from './dependencies.ts';

const requestSchema = z.object({ email: emailAddress });
const resetSchema = z.object({ token: z.string(), newPassword: passwordText });

export type ResetRequest = z.input<typeof requestSchema>;
export type PasswordResetInput = z.input<typeof resetSchema>;

const requestsOfNetwork = { name: 'requestReset:address', max: 30, windowMs: 60_000 };
const requestsForAccount = { name: 'requestReset:account', max: 5, windowMs: 60_000 };
const resetsOfNetwork = { name: 'reset:address', max: 30, windowMs: 60_000 };

/** A forgotten password: a link is asked for, mailed by `mail-tasks.ts`, and used once. */
export function createPasswordReset(dependencies: UsersDependencies) {
  const { db, passwords, sessions, mails, clock } = dependencies;

  return {
    /**
     * Whether the address has an account is first looked at by the mail task, after the answer: here,
     * every address takes the same steps.
     */
    async requestPasswordReset(
      caller: Caller,
      input: ResetRequest,
      limiter: RateLimiter,
    ): Promise<void> {
      const { email } = parseInput(requestSchema, input);
      const { requestId, ipAddress } = caller;
      await enforceLimit(limiter, requestsOfNetwork, clientNetwork(ipAddress));
      await enforceLimit(limiter, requestsForAccount, email);
      await db.$transaction((tx) => mails.passwordReset(tx, { email, requestId, ipAddress }));
    },

    async resetPassword(
      caller: Caller,
      input: PasswordResetInput,
      limiter: RateLimiter,
    ): Promise<void> {
      const { token, newPassword } = parseInput(resetSchema, input);
      await enforceLimit(limiter, resetsOfNetwork, clientNetwork(caller.ipAddress));
      const reset = await db.passwordReset.findFirst({
        where: { tokenHash: hashToken(token), usedAt: null, expiresAt: { gt: clock() } },
        select: { id: true, user: { select: { id: true, name: true, email: true } } },
      });
      if (reset === null) throw errors.invalidToken('reset link');
      // Asked before the token is used up, so that a weak password does not cost the link.
      const problem = checkPassword(newPassword, reset.user);
      if (problem !== null) throw errors.invalid('newPassword', problem);
      const passwordHash = await passwords.hash(newPassword);
      await sessions.transaction((tx, changes) =>
        applyReset(tx, { ...reset, passwordHash, caller, changes, dependencies }),
      );
    },
  };
}

interface ResetToApply {
  readonly id: string;
  readonly user: { readonly id: string; readonly email: string };
  readonly passwordHash: string;
  readonly caller: Caller;
  readonly changes: SessionChanges;
  readonly dependencies: UsersDependencies;
}

async function applyReset(tx: Tx, options: ResetToApply): Promise<void> {
  const { id, user, passwordHash, caller, changes, dependencies } = options;
  const { now } = changes;
  // Holds the user's row: of two that bring the same link, the second waits here and finds it used.
  await tx.user.update({
    where: { id: user.id },
    data: { passwordHash },
    select: { id: true },
  });
  const used = await tx.passwordReset.updateMany({
    where: { id, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (used.count === 0) throw errors.invalidToken('reset link');
  await tx.passwordReset.updateMany({
    where: { userId: user.id, usedAt: null },
    data: { usedAt: now },
  });
  // The link came by mail, so it proves the address too.
  await tx.user.updateMany({
    where: { id: user.id, emailVerifiedAt: null },
    data: { emailVerifiedAt: now },
  });
  const ended = await changes.end({ userId: user.id });
  await dependencies.audit.record(tx, caller, {
    action: 'user.resetPassword',
    target: { kind: 'user', id: user.id, label: user.email },
    details: { endedSessions: ended },
  });
  const changedAt = now.toISOString();
  await dependencies.mails.passwordChanged(tx, { userId: user.id, changedAt });
}
