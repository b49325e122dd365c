import { z } from 'zod';

import type { Principal } from '../access/viewer.ts';
import { checkPassword } from './password-policy.ts';
import { errors } from '../errors/errors.ts';
import { parseInput, passwordText, emailAddress } from '../validation/input.ts';
import { requireUser } from '../access/access.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { UsersDependencies } from './dependencies.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import type { Tx } from '../../platform/db/database.ts';
import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import type { SessionChanges } from '../sessions/sessions.service.ts';
import { rateLimits } from '../rate-limits.ts';

const changeSchema = z.object({ currentPassword: passwordText, newPassword: passwordText });

export type PasswordChange = z.input<typeof changeSchema>;

/** Changes a user's password if the user enters the current one, and ends all of the user's other sessions. */
export function createPasswordChange(dependencies: UsersDependencies) {
  const { db, audit, passwords, sessions, mails } = dependencies;

  return async (caller: Principal, input: PasswordChange, limiter: RateLimiter): Promise<void> => {
    const user = requireUser(caller);
    const { currentPassword, newPassword } = parseInput(changeSchema, input);
    await enforceLimit(limiter, rateLimits.changePassword, user.userId);
    const account = await db.user.findUnique({
      where: { id: user.userId },
      select: { id: true, name: true, email: true, passwordHash: true },
    });
    if (account === null) throw errors.unauthenticated();
    const problem = checkPassword(newPassword, account);
    if (problem !== null) throw errors.invalid('newPassword', problem);
    if (!(await passwords.verify(currentPassword, account.passwordHash))) {
      throw errors.wrongPassword();
    }
    const passwordHash = await passwords.hash(newPassword);

    await sessions.transaction(async (tx, changes) => {
      // Locks the row first, but only if the verified password is still the current one.
      const { count } = await tx.user.updateMany({
        where: { id: account.id, passwordHash: account.passwordHash },
        data: { passwordHash },
      });
      if (count === 0) throw errors.conflict();
      await changes.requireStanding(user);
      const ended = await changes.end({ userId: account.id, id: { not: user.sessionId } });
      // A reset link that was mailed earlier must not undo the change.
      await tx.passwordReset.updateMany({
        where: { userId: account.id, usedAt: null },
        data: { usedAt: changes.now },
      });
      await audit.record(tx, caller, {
        action: 'user.changePassword',
        target: { kind: 'user', id: account.id, label: account.email },
        details: { endedSessions: ended },
      });
      const changedAt = changes.now.toISOString();
      await mails.passwordChanged(tx, { userId: account.id, changedAt });
    });
  };
}

const requestSchema = z.object({ email: emailAddress });
const resetSchema = z.object({ token: z.string(), newPassword: passwordText });

export type ResetRequest = z.input<typeof requestSchema>;
export type PasswordResetInput = z.input<typeof resetSchema>;

/**
 * Resets a forgotten password. The user requests a link, which `user-mails.ts` sends by email. The link can be used
 * once.
 */
export function createPasswordReset(dependencies: UsersDependencies) {
  const { db, passwords, sessions, mails, clock } = dependencies;

  return {
    /**
     * Runs the same steps for every address. The mail task checks later whether the address has an account, so that the
     * response time does not reveal it.
     */
    async requestPasswordReset(
      caller: Principal,
      input: ResetRequest,
      limiter: RateLimiter,
    ): Promise<void> {
      const { email } = parseInput(requestSchema, input);
      const { requestId, ipAddress } = caller;
      await enforceLimit(limiter, rateLimits.requestResetPerNetwork, clientNetwork(ipAddress));
      await enforceLimit(limiter, rateLimits.requestResetPerAccount, email);
      await db.$transaction((tx) => mails.passwordReset(tx, { email, requestId, ipAddress }));
    },

    async resetPassword(
      caller: Principal,
      input: PasswordResetInput,
      limiter: RateLimiter,
    ): Promise<void> {
      const { token, newPassword } = parseInput(resetSchema, input);
      await enforceLimit(limiter, rateLimits.resetPassword, clientNetwork(caller.ipAddress));
      const reset = await db.passwordReset.findFirst({
        where: { tokenHash: hashToken(token), usedAt: null, expiresAt: { gt: clock() } },
        select: { id: true, user: { select: { id: true, name: true, email: true } } },
      });
      if (reset === null) throw errors.invalidToken('reset link');
      // Checked before the token is used up, so that a weak password does not invalidate the link.
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
  readonly caller: Principal;
  readonly changes: SessionChanges;
  readonly dependencies: UsersDependencies;
}

async function applyReset(tx: Tx, options: ResetToApply): Promise<void> {
  const { id, user, passwordHash, caller, changes, dependencies } = options;
  const { now } = changes;
  // Locks the user's row. If two concurrent requests use the same link, the second one waits here and then finds that
  // the link has been used.
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
  // The link was mailed to the address, so it also verifies the address.
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
