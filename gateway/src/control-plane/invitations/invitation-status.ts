import type { Invitation, Prisma } from '#prisma';
import { assertNever } from '../../platform/assert-never.ts';

export const invitationStatuses = ['OPEN', 'ACCEPTED', 'REVOKED', 'EXPIRED'] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];

/** Where an invitation stands. `EXPIRED` becomes `REVOKED` when a new one to the address replaces it. */
export function statusOf(
  { acceptedAt, revokedAt, expiresAt }: Invitation,
  now: Date,
): InvitationStatus {
  if (acceptedAt !== null) return 'ACCEPTED';
  if (revokedAt !== null) return 'REVOKED';
  return expiresAt > now ? 'OPEN' : 'EXPIRED';
}

/** The invitations that have a status: `statusOf`, as PostgreSQL can ask it. */
export function havingStatus(status: InvitationStatus, now: Date): Prisma.InvitationWhereInput {
  switch (status) {
    case 'OPEN':
      return { acceptedAt: null, revokedAt: null, expiresAt: { gt: now } };
    case 'ACCEPTED':
      return { acceptedAt: { not: null } };
    case 'REVOKED':
      return { revokedAt: { not: null } };
    case 'EXPIRED':
      return { acceptedAt: null, revokedAt: null, expiresAt: { lte: now } };
    default:
      return assertNever(status);
  }
}
