import { z } from 'zod';

import type { Invitation, Prisma, User } from '#prisma';
import { roles } from '../access/actions.ts';
import type { Principal } from '../access/viewer.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { isConstraintViolation } from '../../platform/db/violations.ts';
import { errors } from '../errors/errors.ts';
import { emailAddress, parseInput, requireId } from '../validation/input.ts';
import { requireInOrganization, requireUser, type NeededRight } from '../access/access.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import { acceptReceived, acceptWithToken, declineReceived } from './accept-invitation.ts';
import { createLink, targetOf, tokenPath, withToken, type TokenPath } from './invitation-links.ts';
import type { InvitationsDependencies } from './dependencies.ts';
import { havingStatus } from './invitation-status.ts';
import { controlPlaneLimits, defaultResourceLimits } from '../limits.ts';
import { rateLimits } from '../rate-limits.ts';

/**
 * Manages an organization's invitations, which are sent by email. The link in the email contains a token. Only the
 * token's hash is stored. The mail task generates the token when it sends the email (`mail-tasks.ts`). A link that a
 * member copies has a separate token (`invitation-links.ts`).
 */
export interface InvitationsService {
  /**
   * Creates an invitation and queues its email, which is sent after the transaction has committed.
   * @throws ValidationError, NotFoundError, AlreadyMemberError, AlreadyInvitedError, LimitReachedError
   * @throws RequestError `FORBIDDEN`, `RATE_LIMITED`
   */
  invite(caller: Principal, input: InviteMember, limiter: RateLimiter): Promise<Invitation>;
  /**
   * Revokes an open invitation, so that its link stops working.
   * @throws NotFoundError if the invitation does not exist, or was already accepted or revoked
   */
  revoke(caller: Principal, input: { readonly id: string }): Promise<Invitation>;
  /**
   * Creates a link that the caller can pass on. It is returned only once and works beside the mailed one.
   * @throws NotFoundError if the invitation does not exist or is not open
   * @throws RequestError `FORBIDDEN`
   */
  createLink(
    caller: Principal,
    input: { readonly id: string },
  ): Promise<{ readonly invitation: Invitation; readonly link: string }>;
  /**
   * Makes the caller a member. Each invitation can be accepted only once. A mailed token also marks the caller's email
   * address as verified.
   * @throws InvalidTokenError, WrongAccountError, AlreadyMemberError, LimitReachedError
   */
  accept(caller: Principal, input: { readonly token: string }): Promise<Invitation>;
  /**
   * Like `accept`, for an invitation to the caller's verified address.
   * @throws NotFoundError, AlreadyMemberError, LimitReachedError
   */
  acceptReceived(caller: Principal, input: { readonly id: string }): Promise<Invitation>;
  /**
   * Revokes an open invitation to the caller's verified address.
   * @throws NotFoundError
   */
  decline(caller: Principal, input: { readonly id: string }): Promise<void>;
  /** The open invitations to an address. Empty if the address is not verified. */
  receivedBy(user: Pick<User, 'email' | 'emailVerifiedAt'>): Prisma.InvitationWhereInput;
  /** The details that are shown to anyone with the token. Null unless the invitation is open. */
  preview(token: string): Promise<InvitationPreview | null>;
  /** How the token of an open invitation to this address reached its holder. Null if there is no such invitation. */
  tokenPath(executor: Tx | Db, token: string, email: string): Promise<TokenPath | null>;
  /** Returns the current time, from which the status of invitations is determined. */
  now(): Date;
}

export type InvitationPreview = Pick<Invitation, 'email' | 'role' | 'expiresAt'> & {
  readonly organizationName: string;
  readonly invitedByName: string | null;
};

const inviteSchema = z.object({ email: emailAddress, role: z.enum(roles) });

export type InviteMember = z.input<typeof inviteSchema> & { readonly organizationId: string };

export function createInvitationsService(
  dependencies: InvitationsDependencies,
): InvitationsService {
  const { db, clock } = dependencies;
  return {
    now: clock,
    async invite(caller, { organizationId: id, ...input }, limiter) {
      const { userId } = requireUser(caller);
      const organizationId = requireId(id, 'organization');
      const wanted = parseInput(inviteSchema, input);
      const right = {
        organizationId,
        action: wanted.role === 'OWNER' ? 'owner:manage' : 'member:invite',
        what: 'organization',
      } as const;
      // Checked before the attempt is counted, so that users cannot use up another organization's limit.
      await db.$transaction((tx) => requireInOrganization(tx, caller, right));
      await enforceLimit(limiter, rateLimits.invitePerUser, userId);
      await enforceLimit(limiter, rateLimits.invitePerOrganization, organizationId);
      return withAlreadyInvited(wanted.email, () =>
        db.$transaction((tx) => invite(tx, dependencies, caller, right, wanted)),
      );
    },
    revoke: (caller, { id }) =>
      db.$transaction((tx) => revoke(tx, dependencies, caller, requireId(id, openInvitation))),
    createLink: (caller, { id }) =>
      db.$transaction((tx) => createLink(tx, dependencies, caller, requireId(id, openInvitation))),
    accept: (caller, { token }) =>
      db.$transaction((tx) => acceptWithToken(tx, dependencies, caller, token)),
    acceptReceived: (caller, { id }) =>
      db.$transaction((tx) =>
        acceptReceived(tx, dependencies, caller, requireId(id, openInvitation)),
      ),
    decline: (caller, { id }) =>
      db.$transaction((tx) =>
        declineReceived(tx, dependencies, caller, requireId(id, openInvitation)),
      ),
    receivedBy: ({ email, emailVerifiedAt }) => ({
      // An account can be registered with the address of somebody else, until the address must be verified.
      ...(emailVerifiedAt === null ? { id: { in: [] } } : { email }),
      ...havingStatus('OPEN', clock()),
    }),
    async tokenPath(executor, token, email) {
      const invitation = await executor.invitation.findFirst({
        where: { AND: [withToken(token), { email }, havingStatus('OPEN', clock())] },
        select: { tokenHash: true },
      });
      return invitation && tokenPath(invitation, hashToken(token));
    },
    async preview(token) {
      const invitation = await db.invitation.findFirst({
        where: { AND: [withToken(token), havingStatus('OPEN', clock())] },
        select: {
          email: true,
          role: true,
          expiresAt: true,
          organization: { select: { name: true } },
          invitedBy: { select: { name: true } },
        },
      });
      if (invitation === null) return null;
      const { organization, invitedBy, ...shown } = invitation;
      return {
        ...shown,
        organizationName: organization.name,
        invitedByName: invitedBy?.name ?? null,
      };
    },
  };
}

const openInvitation = 'open invitation';

async function invite(
  tx: Tx,
  { audit, clock, enqueueMail, limits = defaultResourceLimits }: InvitationsDependencies,
  caller: Principal,
  right: NeededRight,
  { email, role }: z.output<typeof inviteSchema>,
): Promise<Invitation> {
  const { organizationId } = right;
  const { user } = await requireInOrganization(tx, caller, { ...right, hold: 'members' });
  const now = clock();
  const member = await tx.membership.findFirst({ where: { organizationId, user: { email } } });
  if (member !== null) throw errors.alreadyMember(email);
  await tx.invitation.updateMany({
    where: { organizationId, email, ...havingStatus('EXPIRED', now) },
    data: { revokedAt: now },
  });
  const open = await tx.invitation.count({
    where: { organizationId, ...havingStatus('OPEN', now) },
  });
  const max = limits.openInvitationsPerOrganization;
  if (open >= max) throw errors.limitReached('open invitations per organization', max);
  const expiresAt = new Date(now.getTime() + controlPlaneLimits.invitationLifetimeMs);
  const invitation = await tx.invitation.create({
    data: { organizationId, email, role, invitedById: user.userId, createdAt: now, expiresAt },
  });
  await enqueueMail(tx, invitation.id);
  await audit.record(tx, caller, {
    action: 'invitation.create',
    organizationId,
    target: targetOf(invitation),
    details: { role },
  });
  return invitation;
}

async function revoke(
  tx: Tx,
  { audit, clock }: InvitationsDependencies,
  caller: Principal,
  id: string,
): Promise<Invitation> {
  const { userId } = requireUser(caller);
  // Looks up the invitation and the membership together, so that another tenant's invitation looks like a missing one.
  const found = await tx.invitation.findFirst({
    where: { id, organization: { memberships: { some: { userId } } } },
  });
  if (found === null) throw errors.notFound(openInvitation);
  const { organizationId } = found;
  await requireInOrganization(tx, caller, {
    organizationId,
    action: 'invitation:revoke',
    what: openInvitation,
    hold: 'members',
  });
  const [invitation] = await tx.invitation.updateManyAndReturn({
    where: { id, acceptedAt: null, revokedAt: null },
    data: { revokedAt: clock() },
  });
  if (invitation === undefined) throw errors.notFound(openInvitation);
  await audit.record(tx, caller, {
    action: 'invitation.revoke',
    organizationId,
    target: targetOf(invitation),
  });
  return invitation;
}

async function withAlreadyInvited<T>(email: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isConstraintViolation(error, 'invitations_open_key')) throw errors.alreadyInvited(email);
    throw error;
  }
}
