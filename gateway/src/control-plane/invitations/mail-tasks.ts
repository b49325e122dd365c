import { z } from 'zod';

import type { Role } from '../access/actions.ts';
import type { Clock } from '../../platform/clock.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Mailer } from '../../platform/mail/mailer.ts';
import { invitationMail } from '../mails/messages.ts';
import { havingStatus } from './invitation-status.ts';

/** What is queued: never a token or a link, which the task makes when it sends. */
export const invitationMailPayloads = {
  invitation: z.object({ invitationId: z.uuid() }),
} as const;

export type InvitationMail = z.output<typeof invitationMailPayloads.invitation>;

export interface InvitationMailTasks {
  /** Throws when the mail server does not take the mail, to be tried again. */
  invitation(payload: InvitationMail): Promise<void>;
}

export interface InvitationMailTasksDependencies {
  readonly db: Db;
  readonly mailer: Mailer;
  /** Where the console is, without a slash at the end. */
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
 * Mails the link of an invitation that is still open. Each try makes a new token, and only the newest one
 * works. The link carries it as a fragment, which browsers send to no server, so that no log can hold it.
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
        link: `${publicUrl}/accept-invitation#token=${token}`,
        validDays: Math.ceil((expiresAt.getTime() - now.getTime()) / dayMs),
      });
      await mailer.send({ to: email, ...mail });
    },
  };
}
