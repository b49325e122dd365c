import type { Principal } from '../access/viewer.ts';
import { roleMay, type Action, type Role } from '../access/actions.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { isConstraintViolation } from '../../platform/db/violations.ts';
import { errors } from '../errors/errors.ts';
import { requireId } from '../validation/input.ts';
import { requireInOrganization, requireUser } from '../access/access.service.ts';
import type { AuditService } from '../audit/audit.service.ts';

/**
 * The members of an organization. Only an owner can add, demote or remove an owner. The database rejects a change that
 * would leave the organization without an owner.
 */
export interface MembersService {
  /**
   * Changes a member's role.
   * @throws NotFoundError, LastOwnerError
   * @throws RequestError `FORBIDDEN` if the caller's role does not allow the change
   */
  changeRole(caller: Principal, input: { readonly id: string; readonly role: Role }): Promise<void>;
  /**
   * Removes a member.
   * @throws the same errors as `changeRole`
   */
  remove(caller: Principal, input: { readonly id: string }): Promise<void>;
  /**
   * Removes the caller from the organization with this id.
   * @throws NotFoundError, LastOwnerError
   */
  leave(caller: Principal, input: { readonly id: string }): Promise<void>;
}

export function createMembersService({
  db,
  audit,
}: {
  db: Db;
  audit: AuditService;
}): MembersService {
  return {
    changeRole: (caller, { id, role }) =>
      changeMembership(db, async (tx) => {
        const { member, callerRole } = await holdMember(tx, caller, id, 'member:changeRole');
        if (member.role === 'OWNER' || role === 'OWNER') requireOwner(callerRole);
        if (member.role === role) return;
        await tx.membership.update({ where: { id: member.id }, data: { role } });
        await audit.record(tx, caller, {
          action: 'member.changeRole',
          organizationId: member.organizationId,
          target: targetOf(member),
          details: { before: { role: member.role }, after: { role } },
        });
      }),

    remove: (caller, { id }) =>
      changeMembership(db, async (tx) => {
        const { member, callerRole } = await holdMember(tx, caller, id, 'member:remove');
        if (member.role === 'OWNER') requireOwner(callerRole);
        await tx.membership.delete({ where: { id: member.id } });
        await audit.record(tx, caller, {
          action: 'member.remove',
          organizationId: member.organizationId,
          target: targetOf(member),
          details: { role: member.role },
        });
      }),

    leave: (caller, { id }) =>
      changeMembership(db, async (tx) => {
        const organizationId = requireId(id, 'organization');
        const { user } = await requireInOrganization(tx, caller, {
          organizationId,
          action: 'organization:leave',
          what: 'organization',
          hold: 'members',
        });
        const member = await tx.membership.delete({
          where: { organizationId_userId: { organizationId, userId: user.userId } },
          select: memberColumns,
        });
        await audit.record(tx, caller, {
          action: 'member.leave',
          organizationId,
          target: targetOf(member),
          details: { role: member.role },
        });
      }),
  };
}

const memberColumns = {
  id: true,
  organizationId: true,
  role: true,
  user: { select: { email: true } },
} as const;

interface Member {
  readonly id: string;
  readonly organizationId: string;
  readonly role: Role;
  readonly user: { readonly email: string };
}

/**
 * Finds a member and checks that the caller is allowed to perform `action`. Blocks other changes to members until the
 * transaction ends.
 */
async function holdMember(
  tx: Tx,
  caller: Principal,
  id: string,
  action: Action,
): Promise<{ member: Member; callerRole: Role }> {
  const { userId } = requireUser(caller);
  const what = 'member';
  const where = {
    id: requireId(id, what),
    // Looks up both memberships together, so that another tenant's member looks like a missing one.
    organization: { memberships: { some: { userId } } },
  };
  const found = await tx.membership.findFirst({ where, select: { organizationId: true } });
  if (found === null) throw errors.notFound(what);
  const { organizationId } = found;
  const hold = 'members';
  const { role: callerRole } = await requireInOrganization(tx, caller, {
    organizationId,
    action,
    what,
    hold,
  });
  const member = await tx.membership.findFirst({ where, select: memberColumns });
  if (member === null) throw errors.notFound(what);
  return { member, callerRole };
}

function requireOwner(role: Role): void {
  if (!roleMay(role, 'owner:manage')) {
    throw errors.ownersOnly();
  }
}

const targetOf = ({ id, user }: Member) => ({ kind: 'member', id, label: user.email }) as const;

/**
 * Runs a change to memberships in a transaction.
 * @throws LastOwnerError if the database rejects the change because no owner would be left
 */
async function changeMembership(db: Db, change: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await db.$transaction(change);
  } catch (error) {
    if (isConstraintViolation(error, 'memberships_last_owner')) throw errors.lastOwner();
    throw error;
  }
}
