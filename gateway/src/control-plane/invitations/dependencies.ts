import type { Clock } from '../../platform/clock.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ResourceLimits } from '../limits.ts';

/** The dependencies of the invitations feature. */
export interface InvitationsDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly clock: Clock;
  /** The console's URL, without a trailing slash. */
  readonly publicUrl: string;
  /** @default `defaultResourceLimits` */
  readonly limits?: ResourceLimits;
  /** Queues the email in the same transaction that creates the invitation. */
  readonly enqueueMail: (tx: Tx, invitationId: string) => Promise<void>;
}
