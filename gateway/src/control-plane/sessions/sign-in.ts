import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Principal } from '../access/viewer.ts';
import type { PasswordHasher } from '../../platform/crypto/password-hasher.ts';
import type { Db } from '../../platform/db/database.ts';
import { errors } from '../errors/errors.ts';
import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import type { RateLimitRule } from '../../platform/rate-limit/sliding-log.ts';
import { emailAddress, parseInput, passwordText } from '../validation/input.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { type SessionTransaction, type StartedSession, lockUser } from './session-changes.ts';
import type { AccountPolicy } from '../account-policy.ts';
import { rateLimits } from '../rate-limits.ts';

const signInSchema = z.object({ email: emailAddress, password: passwordText });

export type SignInInput = z.input<typeof signInSchema>;

export interface SignInDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly passwords: PasswordHasher;
  readonly transaction: SessionTransaction;
  readonly signInLimitPerMinute: number;
  readonly emailVerification: AccountPolicy['emailVerification'];
}

type RefusalReason = 'unknownAddress' | 'wrongPassword' | 'emailNotVerified' | 'rateLimited';
type Account = { readonly id: string; readonly email: string; readonly passwordHash: string };

/**
 * Signs a user in with an email address and a password.
 *
 * An unknown address and a wrong password cause the same steps at the same cost (one lookup, one bcrypt computation,
 * one audit entry) and the same error. Every attempt counts against the rate limits before any of these steps.
 */
export function createSignIn(dependencies: SignInDependencies) {
  const { db, passwords, transaction, emailVerification } = dependencies;
  const admit = createAdmission(dependencies);

  async function begin(caller: Principal, account: Account, password: string) {
    const renewedHash = passwords.isOutdated(account.passwordHash)
      ? await passwords.hash(password)
      : null;
    return transaction(async (tx, sessions) => {
      const locked = await lockUser(tx, account.id);
      // The password was changed in the meantime. A new session must not be created with the old password.
      if (locked?.passwordHash !== account.passwordHash) return null;
      if (renewedHash !== null) {
        await tx.user.update({
          where: { id: account.id },
          data: { passwordHash: renewedHash },
          select: { id: true },
        });
      }
      return sessions.begin(caller, account);
    });
  }

  /** @throws ValidationError, InvalidCredentialsError, EmailNotVerifiedError, RequestError `RATE_LIMITED` or `OVERLOADED` */
  return async (
    caller: Principal,
    input: SignInInput,
    limiter: RateLimiter,
  ): Promise<StartedSession> => {
    const { email, password } = parseInput(signInSchema, input);
    await admit(caller, email, limiter);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const account = await db.user.findUnique({
        where: { email },
        select: { id: true, email: true, passwordHash: true, emailVerifiedAt: true },
      });
      const matches = await passwords.verify(password, account?.passwordHash ?? null);
      if (account === null || !matches) {
        const reason = account === null ? 'unknownAddress' : 'wrongPassword';
        await recordRefusal(dependencies, caller, { email, account, reason });
        throw errors.invalidCredentials();
      }
      // Only a client that knows the password learns that the account exists.
      if (emailVerification === 'required' && account.emailVerifiedAt === null) {
        const reason = 'emailNotVerified';
        await recordRefusal(dependencies, caller, { email, account, reason });
        throw errors.emailNotVerified();
      }
      const started = await begin(caller, account, password);
      if (started !== null) return started;
    }
    throw errors.conflict();
  };
}

/**
 * Counts the attempt against the limits for the client's network and for the account.
 * @throws RequestError `RATE_LIMITED`
 */
function createAdmission(dependencies: SignInDependencies) {
  const max = dependencies.signInLimitPerMinute;
  const perNetwork: RateLimitRule = { name: 'signIn:address', max, windowMs: 60_000 };
  const perAccount: RateLimitRule = { name: 'signIn:account', max, windowMs: 60_000 };

  return async (caller: Principal, email: string, limiter: RateLimiter): Promise<void> => {
    const network = clientNetwork(caller.ipAddress);
    try {
      await enforceLimit(limiter, perNetwork, network);
      await enforceLimit(limiter, perAccount, email);
    } catch (error) {
      // Limits audit entries to one per minute. If every attempt were recorded, a client could fill the disk.
      const entry = await limiter.consume(rateLimits.signInRefusalEntry, `${network} ${email}`);
      if (entry.allowed) {
        await recordRefusal(dependencies, caller, { email, account: null, reason: 'rateLimited' });
      }
      throw error;
    }
  };
}

/**
 * Records a refused sign-in. If the account exists, its id and address are recorded. An address without an account may
 * belong to a stranger, so only its hash is recorded. The hash is enough to find all entries for an address.
 */
async function recordRefusal(
  { db, audit }: SignInDependencies,
  caller: Principal,
  { email, account, reason }: { email: string; account: Account | null; reason: RefusalReason },
): Promise<void> {
  await audit.record(db, caller, {
    action: 'session.refuse',
    target: { kind: 'user', id: account?.id ?? null, label: account?.email ?? null },
    details: { reason, emailHash: createHash('sha256').update(email).digest('hex') },
  });
}
