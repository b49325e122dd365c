import type { Clock } from '../../platform/clock.ts';
import type { PasswordHasher } from '../../platform/crypto/password-hasher.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { AccountPolicy } from '../account-policy.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { UserMails } from './user-mails.ts';

/** The dependencies of the users feature. */
export interface UsersDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly passwords: PasswordHasher;
  readonly sessions: Pick<SessionsService, 'transaction' | 'issue'>;
  readonly mails: UserMails;
  readonly clock: Clock;
  /** Limits the registrations per network address. */
  readonly registerLimitPerMinute: number;
  readonly accountPolicy: AccountPolicy;
  /**
   * How the token of an open invitation to this address reached its holder: by email to the address, or as a link that
   * a member copied. Null if there is no such invitation.
   */
  readonly invitationTokenPath: (
    executor: Tx | Db,
    token: string,
    email: string,
  ) => Promise<'MAIL' | 'LINK' | null>;
}
