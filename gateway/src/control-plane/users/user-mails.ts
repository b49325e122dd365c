import { z } from 'zod';

import type { User } from '#prisma';
import type { Tx, Db } from '../../platform/db/database.ts';
import { type Principal, anonymous } from '../access/viewer.ts';
import type { Clock } from '../../platform/clock.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import type { Mailer } from '../../platform/mail/mailer.ts';
import {
  accountExistsMail,
  emailVerificationMail,
  passwordChangedMail,
  passwordResetMail,
} from '../mails/messages.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { controlPlaneLimits } from '../limits.ts';

/**
 * The payloads for `createUserMailTasks`. They contain neither tokens nor links. These are generated when the email is
 * sent, so that they are never stored.
 */
export const userMailPayloads = {
  /** The address is from a request, and might not have an account. */
  emailVerification: z.union([z.object({ userId: z.uuid() }), z.object({ email: z.string() })]),
  /** The account that was created, or that had the address before. */
  registration: z.object({ userId: z.uuid() }),
  /** The client that made the request, and the email address in the request, which might not have an account. */
  passwordReset: z.object({ email: z.string(), requestId: z.string(), ipAddress: z.string() }),
  passwordChanged: z.object({ userId: z.uuid(), changedAt: z.iso.datetime() }),
} as const;

type UserMail = keyof typeof userMailPayloads;
type Payload<Name extends UserMail> = z.output<(typeof userMailPayloads)[Name]>;

/** Queues an email to a user in the same transaction as the change that the email reports. */
export type UserMails = {
  readonly [Name in UserMail]: (tx: Tx, mail: Payload<Name>) => Promise<void>;
};

const minute = 60_000;
const { passwordResetMinutes, emailVerificationHours } = controlPlaneLimits;

export interface UserMailTasksDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly mailer: Mailer;
  /** The console's URL, without a trailing slash. */
  readonly publicUrl: string;
  readonly clock: Clock;
}

/**
 * The tasks that mail users. Each one throws if the mail server does not accept the email, so that the task is retried.
 */
export type UserMailTasks = {
  readonly [Name in UserMail]: (payload: Payload<Name>) => Promise<void>;
};

/**
 * Creates the tasks that mail users. Tokens are generated when the email is sent. The database stores only their
 * hashes, and the queue contains none. The token is in the URL fragment, which browsers do not send to servers, so that
 * it cannot appear in their logs.
 */
export function createUserMailTasks(dependencies: UserMailTasksDependencies): UserMailTasks {
  const { db, mailer, publicUrl } = dependencies;
  return {
    async emailVerification(request) {
      const where = 'userId' in request ? { id: request.userId } : { email: request.email };
      const user = await db.user.findUnique({ where });
      if (user === null || user.emailVerifiedAt !== null) return;
      await sendVerification(dependencies, user);
    },

    async registration({ userId }) {
      const user = await db.user.findUnique({ where: { id: userId } });
      if (user === null) return;
      if (user.emailVerifiedAt === null) {
        await sendVerification(dependencies, user);
        return;
      }
      const mail = accountExistsMail({
        name: user.name,
        signInLink: `${publicUrl}/sign-in`,
        resetLink: `${publicUrl}/forgot-password`,
      });
      await mailer.send({ to: user.email, ...mail });
    },

    async passwordReset(request) {
      const user = await db.user.findUnique({ where: { email: request.email } });
      if (user === null) return;
      const token = await insertReset(dependencies, user, request);
      const link = `${publicUrl}/reset-password#token=${token}`;
      const mail = passwordResetMail({
        name: user.name,
        link,
        validMinutes: passwordResetMinutes,
      });
      await mailer.send({ to: user.email, ...mail });
    },

    async passwordChanged({ userId, changedAt }) {
      const user = await db.user.findUnique({ where: { id: userId } });
      if (user === null) return;
      const mail = passwordChangedMail({
        name: user.name,
        changedAt: new Date(changedAt),
        resetLink: `${publicUrl}/forgot-password`,
      });
      await mailer.send({ to: user.email, ...mail });
    },
  };
}

/** Creates a token that verifies the user's address, stores its hash and mails the link. */
async function sendVerification(
  { db, mailer, publicUrl, clock }: UserMailTasksDependencies,
  { id: userId, name, email }: Pick<User, 'id' | 'name' | 'email'>,
): Promise<void> {
  const token = createOpaqueToken();
  const createdAt = clock();
  const expiresAt = after(createdAt, emailVerificationHours * 60);
  await db.emailVerification.create({
    data: { userId, email, tokenHash: hashToken(token), createdAt, expiresAt },
    select: { id: true },
  });
  const link = `${publicUrl}/verify-email#token=${token}`;
  const mail = emailVerificationMail({ name, link, validHours: emailVerificationHours });
  await mailer.send({ to: email, ...mail });
}

/**
 * Creates a reset token, stores its hash and returns the token. The audit entry is written here instead of when the
 * reset is requested, because only here is it certain that the account exists.
 */
function insertReset(
  { db, audit, clock }: UserMailTasksDependencies,
  user: { readonly id: string; readonly email: string },
  { requestId, ipAddress }: Payload<'passwordReset'>,
): Promise<string> {
  const token = createOpaqueToken();
  const createdAt = clock();
  const expiresAt = after(createdAt, passwordResetMinutes);
  const asker: Principal = { viewer: anonymous, requestId, ipAddress, userAgent: null };
  return db.$transaction(async (tx) => {
    await tx.passwordReset.create({
      data: { userId: user.id, tokenHash: hashToken(token), createdAt, expiresAt },
      select: { id: true },
    });
    await audit.record(tx, asker, {
      action: 'user.requestPasswordReset',
      target: { kind: 'user', id: user.id, label: user.email },
    });
    return token;
  });
}

const after = (moment: Date, minutes: number): Date =>
  new Date(moment.getTime() + minutes * minute);
