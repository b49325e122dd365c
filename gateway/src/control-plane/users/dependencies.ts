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
  /** Reports whether the token belongs to an open invitation that was mailed to this address. */
  readonly isInvited: (executor: Tx | Db, token: string, email: string) => Promise<boolean>;
}
