import { z } from 'zod';

import type { Tx } from '../../platform/db/database.ts';

/**
 * What is queued for the mail tasks (`mail-tasks.ts`). Never a token or a link: the task that sends makes
 * them, so that none is at rest.
 */
export const userMailPayloads = {
  emailVerification: z.object({ userId: z.uuid() }),
  /** Who asked, and for which address, whether or not it has an account. */
  passwordReset: z.object({ email: z.string(), requestId: z.string(), ipAddress: z.string() }),
  passwordChanged: z.object({ userId: z.uuid(), changedAt: z.iso.datetime() }),
} as const;

type Payload<Name extends keyof typeof userMailPayloads> = z.output<
  (typeof userMailPayloads)[Name]
>;

export type EmailVerificationMail = Payload<'emailVerification'>;
export type PasswordResetMail = Payload<'passwordReset'>;
export type PasswordChangedMail = Payload<'passwordChanged'>;

/** Queues mail to users in the transaction of what it is about. */
export interface UserMails {
  emailVerification(tx: Tx, mail: EmailVerificationMail): Promise<void>;
  passwordReset(tx: Tx, mail: PasswordResetMail): Promise<void>;
  passwordChanged(tx: Tx, mail: PasswordChangedMail): Promise<void>;
}
