import type { Tx } from '../../platform/db/database.ts';

/** Who asked for a password reset, and for which address, whether or not it has an account. */
export interface PasswordResetRequest {
  readonly email: string;
  readonly requestId: string;
  readonly ipAddress: string;
}

/**
 * Queues mail to users in the transaction of what it is about. What is queued never carries a token: the
 * task that sends (`mail-tasks.ts`) makes it.
 */
export interface UserMails {
  emailVerification(tx: Tx, userId: string): Promise<void>;
  passwordReset(tx: Tx, request: PasswordResetRequest): Promise<void>;
  passwordChanged(tx: Tx, userId: string): Promise<void>;
}
