import { z } from 'zod';

import { principalAs, type Principal } from '../access/viewer.ts';
import { checkPassword } from './password-policy.ts';
import { isConstraintViolation } from '../../platform/db/violations.ts';
import { errors } from '../errors/errors.ts';
import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import { displayName, emailAddress, parseInput, passwordText } from '../validation/input.ts';
import type { IssuedSession } from '../sessions/sessions.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { AccountPolicy } from '../account-policy.ts';
import type { UsersDependencies } from './dependencies.ts';
import { rateLimits } from '../rate-limits.ts';

const registrationSchema = z
  .object({
    name: displayName,
    email: emailAddress,
    password: passwordText,
    invitationToken: z.string().nullish(),
  })
  .superRefine(({ password, name, email }, context) => {
    const message = checkPassword(password, { name, email });
    if (message !== null) context.addIssue({ code: 'custom', path: ['password'], message });
  });

export type Registration = z.input<typeof registrationSchema>;

interface NewAccount {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

/** Creates accounts, as far as the account policy allows it. */
export function createRegistration(dependencies: UsersDependencies) {
  const { db, passwords, accountPolicy, invitationTokenPath } = dependencies;
  const limit = {
    name: 'register:address',
    max: dependencies.registerLimitPerMinute,
    windowMs: 60_000,
  };

  return async (
    caller: Principal,
    input: Registration,
    limiter: RateLimiter,
  ): Promise<IssuedSession> => {
    const { name, email, password, invitationToken } = parseInput(registrationSchema, input);
    await enforceLimit(limiter, limit, clientNetwork(caller.ipAddress));
    const path =
      invitationToken == null ? null : await invitationTokenPath(db, invitationToken, email);
    requireAdmitted(accountPolicy.registration, path !== null);
    // Only a token that was mailed to the address proves that the address belongs to the user.
    const mailedToken = path === 'MAIL' ? (invitationToken ?? null) : null;
    const isVerificationFirst =
      mailedToken === null && accountPolicy.emailVerification === 'required';
    if (isVerificationFirst) await enforceLimit(limiter, rateLimits.registerPerAddress, email);
    const account = { name, email, passwordHash: await passwords.hash(password) };
    if (!isVerificationFirst) return createAndSignIn(dependencies, caller, account, mailedToken);
    await createUnverified(dependencies, caller, account);
    throw errors.verifyEmailToFinish(email);
  };
}

function requireAdmitted(mode: AccountPolicy['registration'], isInvited: boolean): void {
  if (mode === 'closed') throw errors.registrationClosed();
  if (mode === 'invited' && !isInvited) throw errors.invitationNeeded();
}

/**
 * Creates an account and its first session. The token of an invitation that was mailed to the address verifies the
 * address. Without one, queues an email with a link to verify it.
 */
async function createAndSignIn(
  { sessions, mails, audit, clock, invitationTokenPath }: UsersDependencies,
  caller: Principal,
  account: NewAccount,
  mailedToken: string | null,
): Promise<IssuedSession> {
  const started = await withEmailTaken(() =>
    sessions.transaction(async (tx, changes) => {
      // The invitation might have been revoked while the password was hashed.
      const isVerified = mailedToken !== null;
      if (isVerified && (await invitationTokenPath(tx, mailedToken, account.email)) !== 'MAIL') {
        throw errors.invalidToken('invitation');
      }
      const createdAt = clock();
      const emailVerifiedAt = isVerified ? createdAt : null;
      const user = await tx.user.create({
        data: { ...account, createdAt, emailVerifiedAt },
        select: { id: true, email: true },
      });
      if (!isVerified) await mails.emailVerification(tx, { userId: user.id });
      const begun = await changes.begin(caller, user);
      await audit.record(tx, principalAs(begun.viewer, caller), {
        action: 'user.register',
        target: { kind: 'user', id: user.id, label: user.email },
      });
      return begun;
    }),
  );
  return sessions.issue(started);
}

async function withEmailTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isConstraintViolation(error, 'users_email_key')) throw errors.emailTaken();
    throw error;
  }
}

/**
 * Creates an account that cannot be used before its address is verified. If the address already has an account, that
 * account is not changed. In both cases, the same statements run, and an email is sent to the address, so that neither
 * the response nor its time reveals whether the address has an account.
 */
async function createUnverified(
  { db, mails, audit, clock }: UsersDependencies,
  caller: Principal,
  account: NewAccount,
): Promise<void> {
  const { email } = account;
  await db.$transaction(async (tx) => {
    const { count } = await tx.user.createMany({
      data: [{ ...account, createdAt: clock() }],
      skipDuplicates: true,
    });
    const { id } = await tx.user.findUniqueOrThrow({ where: { email }, select: { id: true } });
    await mails.registration(tx, { userId: id });
    await audit.record(tx, caller, {
      action: count === 1 ? 'user.register' : 'user.registerAgain',
      target: { kind: 'user', id, label: email },
    });
  });
}
