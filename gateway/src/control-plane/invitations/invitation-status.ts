import type { Invitation, Prisma } from '#prisma';
import { assertNever } from '../../platform/assert-never.ts';

export const invitationStatuses = ['OPEN', 'ACCEPTED', 'REVOKED', 'EXPIRED'] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];

/** An invitation's status. An expired invitation becomes `REVOKED` when a new one to the same address replaces it. */
export function statusOf(
  { acceptedAt, revokedAt, expiresAt }: Invitation,
  now: Date,
): InvitationStatus {
  if (acceptedAt !== null) return 'ACCEPTED';
  if (revokedAt !== null) return 'REVOKED';
  return expiresAt > now ? 'OPEN' : 'EXPIRED';
}

/** The same rules as `statusOf`, as a database filter. */
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
