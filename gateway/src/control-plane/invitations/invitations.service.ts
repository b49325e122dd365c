import { z } from 'zod';

import type { Invitation } from '#prisma';
import { roles } from '../access/actions.ts';
import type { Principal } from '../access/viewer.ts';
import type { Clock } from '../../platform/clock.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { isConstraintViolation } from '../../platform/db/violations.ts';
import { errors } from '../errors/errors.ts';
import { emailAddress, parseInput, requireId } from '../validation/input.ts';
import {
  holdOrganization,
  requireInOrganization,
  requireUser,
  type NeededRight,
} from '../access/access.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { checkOrganizationLimit } from '../organizations/organizations.service.ts';
import { havingStatus } from './invitation-status.ts';
import { controlPlaneLimits, defaultResourceLimits, type ResourceLimits } from '../limits.ts';
import { rateLimits } from '../rate-limits.ts';

/**
 * Manages an organization's invitations, which are sent by email. The link in the email contains a token. Only the
 * token's hash is stored. The mail task generates the token when it sends the email (`mail-tasks.ts`).
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
   * Makes the caller a member. Each invitation can be accepted only once. Also marks the caller's email address as
   * verified, because the link was mailed to it.
   * @throws InvalidTokenError, WrongAccountError, AlreadyMemberError, LimitReachedError
   */
  accept(caller: Principal, input: { readonly token: string }): Promise<Invitation>;
  /** The details that are shown to anyone with the token. Null unless the invitation is open. */
  preview(token: string): Promise<InvitationPreview | null>;
  /** Reports whether the token belongs to an open invitation that was mailed to this address. */
  isInvited(executor: Tx | Db, token: string, email: string): Promise<boolean>;
  /** Returns the current time, from which the status of invitations is determined. */
  now(): Date;
}

export type InvitationPreview = Pick<Invitation, 'email' | 'role' | 'expiresAt'> & {
  readonly organizationName: string;
  readonly invitedByName: string | null;
};

const inviteSchema = z.object({ email: emailAddress, role: z.enum(roles) });

export type InviteMember = z.input<typeof inviteSchema> & { readonly organizationId: string };

export interface InvitationsDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly clock: Clock;
  /** @default `defaultResourceLimits` */
  readonly limits?: ResourceLimits;
  /** Queues the email in the same transaction that creates the invitation. */
  readonly enqueueMail: (tx: Tx, invitationId: string) => Promise<void>;
}

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
    accept: (caller, { token }) =>
      db.$transaction((tx) => accept(tx, dependencies, caller, hashToken(token))),
    async isInvited(executor, token, email) {
      const where = { tokenHash: hashToken(token), email, ...havingStatus('OPEN', clock()) };
      return (await executor.invitation.count({ where })) > 0;
    },
    async preview(token) {
      const invitation = await db.invitation.findFirst({
        where: { tokenHash: hashToken(token), ...havingStatus('OPEN', clock()) },
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

async function accept(
  tx: Tx,
  { audit, clock, limits = defaultResourceLimits }: InvitationsDependencies,
  caller: Principal,
  tokenHash: Uint8Array<ArrayBuffer>,
): Promise<Invitation> {
  const { userId } = requireUser(caller);
  const known = await tx.invitation.findFirst({ where: { tokenHash } });
  if (known === null) throw errors.invalidToken('invitation');
  const { organizationId, email, role } = known;
  await holdOrganization(tx, organizationId, 'members');
  const now = clock();
  // Read again after the lock is taken, because the invitation may have been accepted or revoked in the meantime.
  const open = await tx.invitation.findFirst({
    where: { id: known.id, ...havingStatus('OPEN', now) },
  });
  if (open === null) throw errors.invalidToken('invitation');
  const user = await tx.user.findUnique({ where: { id: userId } });
  if (user?.email !== email) throw errors.wrongAccount();
  const where = { organizationId_userId: { organizationId, userId } };
  if ((await tx.membership.findUnique({ where })) !== null) throw errors.alreadyMember(email);
  await checkOrganizationLimit(tx, userId, limits);
  await tx.membership.create({ data: { organizationId, userId, role } });
  await tx.user.updateMany({
    where: { id: userId, emailVerifiedAt: null },
    data: { emailVerifiedAt: now },
  });
  const invitation = await tx.invitation.update({
    where: { id: known.id },
    data: { acceptedAt: now },
  });
  await audit.record(tx, caller, {
    action: 'invitation.accept',
    organizationId,
    target: targetOf(invitation),
    details: { role },
  });
  return invitation;
}

const targetOf = ({ id, email }: Invitation) => ({ kind: 'invitation', id, label: email }) as const;

async function withAlreadyInvited<T>(email: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isConstraintViolation(error, 'invitations_open_key')) throw errors.alreadyInvited(email);
    throw error;
  }
}
