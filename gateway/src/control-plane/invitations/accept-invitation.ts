import type { Invitation, Prisma } from '#prisma';
import { holdOrganization, requireUser } from '../access/access.service.ts';
import type { Principal } from '../access/viewer.ts';
import type { Tx } from '../../platform/db/database.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import { errors } from '../errors/errors.ts';
import { defaultResourceLimits } from '../limits.ts';
import { checkOrganizationLimit } from '../organizations/organizations.service.ts';
import { havingStatus } from './invitation-status.ts';
import { targetOf, tokenPath, withToken } from './invitation-links.ts';
import type { InvitationsDependencies } from './dependencies.ts';

const openInvitation = 'open invitation';

/** Accepts the invitation that a token belongs to. A token that was mailed also verifies the caller's address. */
export async function acceptWithToken(
  tx: Tx,
  dependencies: InvitationsDependencies,
  caller: Principal,
  token: string,
): Promise<Invitation> {
  const known = await tx.invitation.findFirst({ where: withToken(token) });
  if (known === null) throw errors.invalidToken('invitation');
  // The token is compared again after the lock is taken, because it may have been replaced in the meantime.
  const open = await holdOpen(tx, dependencies, known, withToken(token));
  if (open === null) throw errors.invalidToken('invitation');
  const { userId } = requireUser(caller);
  const user = await tx.user.findUnique({ where: { id: userId } });
  if (user?.email !== open.email) throw errors.wrongAccount();
  const invitation = await join(tx, dependencies, caller, open);
  if (tokenPath(open, hashToken(token)) === 'MAIL') {
    await tx.user.updateMany({
      where: { id: userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: dependencies.clock() },
    });
  }
  return invitation;
}

/** Accepts an invitation to the caller's verified address. */
export async function acceptReceived(
  tx: Tx,
  dependencies: InvitationsDependencies,
  caller: Principal,
  id: string,
): Promise<Invitation> {
  return join(tx, dependencies, caller, await holdReceived(tx, dependencies, caller, id));
}

/** Declines an invitation to the caller's verified address. Its links stop working. */
export async function declineReceived(
  tx: Tx,
  dependencies: InvitationsDependencies,
  caller: Principal,
  id: string,
): Promise<void> {
  const { organizationId } = await holdReceived(tx, dependencies, caller, id);
  const invitation = await tx.invitation.update({
    where: { id },
    data: { revokedAt: dependencies.clock() },
  });
  await dependencies.audit.record(tx, caller, {
    action: 'invitation.decline',
    organizationId,
    target: targetOf(invitation),
  });
}

/**
 * Locks the organization's members, and returns the invitation if it is open and was sent to the caller. An account
 * whose address is not verified has no invitations: anybody can register with the address of somebody else.
 * @throws NotFoundError, which does not reveal whether the invitation exists
 */
async function holdReceived(
  tx: Tx,
  dependencies: InvitationsDependencies,
  caller: Principal,
  id: string,
): Promise<Invitation> {
  const { userId } = requireUser(caller);
  const user = await tx.user.findUnique({ where: { id: userId } });
  if (user?.emailVerifiedAt == null) throw errors.notFound(openInvitation);
  const mine = { email: user.email };
  const known = await tx.invitation.findFirst({ where: { id, ...mine } });
  const open = known && (await holdOpen(tx, dependencies, known, mine));
  if (open === null) throw errors.notFound(openInvitation);
  return open;
}

/** Locks the organization's members, and reads the invitation again. Null if it is no longer open. */
async function holdOpen(
  tx: Tx,
  { clock }: InvitationsDependencies,
  { id, organizationId }: Invitation,
  where: Prisma.InvitationWhereInput,
): Promise<Invitation | null> {
  await holdOrganization(tx, organizationId, 'members');
  return tx.invitation.findFirst({
    where: { AND: [where, { id }, havingStatus('OPEN', clock())] },
  });
}

async function join(
  tx: Tx,
  { audit, clock, limits = defaultResourceLimits }: InvitationsDependencies,
  caller: Principal,
  { id, organizationId, email, role }: Invitation,
): Promise<Invitation> {
  const { userId } = requireUser(caller);
  const where = { organizationId_userId: { organizationId, userId } };
  if ((await tx.membership.findUnique({ where })) !== null) throw errors.alreadyMember(email);
  await checkOrganizationLimit(tx, userId, limits);
  await tx.membership.create({ data: { organizationId, userId, role } });
  const invitation = await tx.invitation.update({ where: { id }, data: { acceptedAt: clock() } });
  await audit.record(tx, caller, {
    action: 'invitation.accept',
    organizationId,
    target: targetOf(invitation),
    details: { role },
  });
  return invitation;
}
