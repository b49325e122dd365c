import { z } from 'zod';

import type { Role } from '../access/actions.ts';
import type { Clock } from '../../platform/clock.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Mailer } from '../../platform/mail/mailer.ts';
import { invitationMail } from '../mails/messages.ts';
import { invitationLink } from './invitation-links.ts';
import { havingStatus } from './invitation-status.ts';

/** The payload contains neither a token nor a link. The task generates them when it sends the email. */
export const invitationMailPayloads = {
  invitation: z.object({ invitationId: z.uuid() }),
} as const;

export type InvitationMail = z.output<typeof invitationMailPayloads.invitation>;

export interface InvitationMailTasks {
  /**
   * Mails the link for an invitation.
   * @throws if the mail server does not accept the email, so that the task is retried
   */
  invitation(payload: InvitationMail): Promise<void>;
}

export interface InvitationMailTasksDependencies {
  readonly db: Db;
  readonly mailer: Mailer;
  /** The console's URL, without a trailing slash. */
  readonly publicUrl: string;
  readonly clock: Clock;
}

const dayMs = 24 * 60 * 60 * 1000;

const asPeopleSay: Readonly<Record<Role, string>> = {
  OWNER: 'an owner',
  ADMIN: 'an administrator',
  DEVELOPER: 'a developer',
  VIEWER: 'a viewer',
};

/**
 * Mails the link for an invitation that is still open. Each attempt generates a new token, and only the newest one
 * works.
 */
export function createInvitationMailTasks({
  db,
  mailer,
  publicUrl,
  clock,
}: InvitationMailTasksDependencies): InvitationMailTasks {
  return {
    async invitation({ invitationId }) {
      const now = clock();
      const token = createOpaqueToken();
      const [invitation] = await db.invitation.updateManyAndReturn({
        where: { id: invitationId, ...havingStatus('OPEN', now) },
        data: { tokenHash: hashToken(token) },
        include: { organization: true, invitedBy: true },
      });
      if (invitation === undefined) return;
      const { email, role, expiresAt, organization, invitedBy } = invitation;
      const mail = invitationMail({
        organizationName: organization.name,
        inviterName: invitedBy?.name ?? organization.name,
        role: asPeopleSay[role],
        link: invitationLink(publicUrl, token),
        validDays: Math.ceil((expiresAt.getTime() - now.getTime()) / dayMs),
      });
      await mailer.send({ to: email, ...mail });
    },
  };
}
