import { z } from 'zod';

import { callerAs, type Caller } from '../access/caller.ts';
import { checkPassword } from '../../platform/crypto/password-policy.ts';
import { isConstraintViolation } from '../../platform/db/violations.ts';
import { errors } from '../../platform/errors/errors.ts';
import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import {
  displayName,
  emailAddress,
  parseInput,
  passwordText,
} from '../../platform/validation/input.ts';
import type { IssuedSession } from '../sessions/sessions.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { UsersDependencies } from './dependencies.ts';

const registrationSchema = z
  .object({ name: displayName, email: emailAddress, password: passwordText })
  .superRefine(({ password, ...owner }, context) => {
    const message = checkPassword(password, owner);
    if (message !== null) context.addIssue({ code: 'custom', path: ['password'], message });
  });

export type Registration = z.input<typeof registrationSchema>;

/** Makes an account with its first session, and has a link mailed that proves the address. */
export function createRegistration(dependencies: UsersDependencies) {
  const { audit, passwords, sessions, mails, clock } = dependencies;
  const limit = {
    name: 'register:address',
    max: dependencies.registerLimitPerMinute,
    windowMs: 60_000,
  };

  return async (
    caller: Caller,
    input: Registration,
    limiter: RateLimiter,
  ): Promise<IssuedSession> => {
    const { name, email, password } = parseInput(registrationSchema, input);
    await enforceLimit(limiter, limit, clientNetwork(caller.ipAddress));
    const passwordHash = await passwords.hash(password);
    const started = await withEmailTaken(() =>
      sessions.transaction(async (tx, changes) => {
        const user = await tx.user.create({
          data: { name, email, passwordHash, createdAt: clock() },
          select: { id: true, email: true },
        });
        await mails.emailVerification(tx, { userId: user.id });
        const begun = await changes.begin(caller, user);
        await audit.record(tx, callerAs(begun.viewer, caller), {
          action: 'user.register',
          target: { kind: 'user', id: user.id, label: user.email },
        });
        return begun;
      }),
    );
    return sessions.issue(started);
  };
}

async function withEmailTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isConstraintViolation(error, 'users_email_key')) throw errors.emailTaken();
    throw error;
  }
}
