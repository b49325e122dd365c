import { z } from 'zod';

import type { Caller } from '../access/caller.ts';
import { checkPassword } from '../../platform/crypto/password-policy.ts';
import { errors } from '../../platform/errors/errors.ts';
import { parseInput, passwordText } from '../../platform/validation/input.ts';
import { requireUser } from '../access/access.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { UsersDependencies } from './dependencies.ts';

const changeSchema = z.object({ currentPassword: passwordText, newPassword: passwordText });

export type PasswordChange = z.input<typeof changeSchema>;

const limit = { name: 'changePassword:account', max: 20, windowMs: 60_000 };

/** Changes the password of a user who knows the one before, and ends all of their other sessions. */
export function createPasswordChange(dependencies: UsersDependencies) {
  const { db, audit, passwords, sessions, mails } = dependencies;

  return async (caller: Caller, input: PasswordChange, limiter: RateLimiter): Promise<void> => {
    const user = requireUser(caller);
    const { currentPassword, newPassword } = parseInput(changeSchema, input);
    await enforceLimit(limiter, limit, user.userId);
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
      // Holds the row first, and only if the password that was proven is still the one.
      const { count } = await tx.user.updateMany({
        where: { id: account.id, passwordHash: account.passwordHash },
        data: { passwordHash },
      });
      if (count === 0) throw errors.conflict();
      await changes.requireStanding(user);
      const ended = await changes.end({ userId: account.id, id: { not: user.sessionId } });
      // A link that was mailed before must not undo the change.
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
