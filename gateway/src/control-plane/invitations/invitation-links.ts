import type { Invitation, Prisma } from '#prisma';
import { requireInOrganization, requireUser } from '../access/access.service.ts';
import type { Principal } from '../access/viewer.ts';
import type { Tx } from '../../platform/db/database.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import { errors } from '../errors/errors.ts';
import { havingStatus } from './invitation-status.ts';
import type { InvitationsDependencies } from './dependencies.ts';

/**
 * How a token reached its holder. `MAIL`: it was sent to the invited address, so it proves that the holder can read that
 * address. `LINK`: a member copied the link and passed it on, which proves nothing about the address.
 */
export type TokenPath = 'MAIL' | 'LINK';

/** A link to the console's page for an invitation. The token is in the fragment, which browsers never send to servers. */
export const invitationLink = (publicUrl: string, token: string): string =>
  `${publicUrl}/accept-invitation#token=${token}`;

/** The invitation that a token belongs to. */
export function withToken(token: string): Prisma.InvitationWhereInput {
  const hash = hashToken(token);
  return { OR: [{ tokenHash: hash }, { linkTokenHash: hash }] };
}

/** How the token with this hash, which belongs to the invitation, reached its holder. */
export const tokenPath = (
  { tokenHash }: Pick<Invitation, 'tokenHash'>,
  hash: Uint8Array,
): TokenPath => (tokenHash !== null && Buffer.compare(tokenHash, hash) === 0 ? 'MAIL' : 'LINK');

/**
 * Creates a link for an open invitation, to be passed on by other means than email. It replaces the previous copied
 * link. The mailed link keeps working, because it has its own token.
 */
export async function createLink(
  tx: Tx,
  { audit, clock, publicUrl }: InvitationsDependencies,
  caller: Principal,
  id: string,
): Promise<{ invitation: Invitation; link: string }> {
  const { userId } = requireUser(caller);
  // Looks up the invitation and the membership together, so that another tenant's invitation looks like a missing one.
  const found = await tx.invitation.findFirst({
    where: { id, organization: { memberships: { some: { userId } } } },
  });
  if (found === null) throw errors.notFound('open invitation');
  const { organizationId } = found;
  await requireInOrganization(tx, caller, {
    organizationId,
    // The link grants the role, so it requires the same right as the invitation.
    action: found.role === 'OWNER' ? 'owner:manage' : 'member:invite',
    what: 'open invitation',
    hold: 'members',
  });
  const token = createOpaqueToken();
  const [invitation] = await tx.invitation.updateManyAndReturn({
    where: { id, ...havingStatus('OPEN', clock()) },
    data: { linkTokenHash: hashToken(token) },
  });
  if (invitation === undefined) throw errors.notFound('open invitation');
  await audit.record(tx, caller, {
    action: 'invitation.createLink',
    organizationId,
    target: targetOf(invitation),
  });
  return { invitation, link: invitationLink(publicUrl, token) };
}

export const targetOf = ({ id, email }: Pick<Invitation, 'id' | 'email'>) =>
  ({ kind: 'invitation', id, label: email }) as const;
