import { roleMay, type Action, type Role } from '../../platform/access/actions.ts';
import type { Caller } from '../../platform/access/caller.ts';
import { keyMay } from '../../platform/access/key-scopes.ts';
import type { ProjectIdentity, RequestAccess } from '../../platform/access/request-access.ts';
import type { UserViewer, Viewer } from '../../platform/access/viewer.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { errors } from '../../platform/errors/errors.ts';

/** A user is in at most this many organizations; joining more is refused. */
export const maxOrganizationsPerUser = 200;

/**
 * The rights of one request's viewer, for reading. `viewer` is asked anew each time, because a sign-in
 * changes it. A user's roles are read in one query and kept for the request; an organization that is
 * not among them is looked up again, since the request may have just made it.
 */
export function createRequestAccess(db: Db, viewer: () => Viewer): RequestAccess {
  const rolesByUser = new Map<string, Promise<Map<string, Role>>>();

  const rolesOf = (userId: string): Promise<Map<string, Role>> => {
    const known = rolesByUser.get(userId);
    if (known !== undefined) return known;
    const loading = db.membership
      .findMany({ where: { userId }, take: maxOrganizationsPerUser })
      .then((rows) => new Map(rows.map((row) => [row.organizationId, row.role])));
    rolesByUser.set(userId, loading);
    return loading;
  };

  const access: RequestAccess = {
    async roleIn(organizationId) {
      const current = viewer();
      if (current.kind !== 'user') return null;
      const roles = await rolesOf(current.userId);
      const known = roles.get(organizationId);
      if (known !== undefined) return known;
      const membership = await findMembership(db, current.userId, organizationId);
      if (membership !== null) roles.set(organizationId, membership.role);
      return membership?.role ?? null;
    },

    async mayInOrganization(organizationId, action) {
      const role = await access.roleIn(organizationId);
      return role !== null && roleMay(role, action);
    },

    async mayOnProject(project, action) {
      const current = viewer();
      if (current.kind === 'apiKey') {
        return current.projectId === project.id && keyMay(current.scopes, action);
      }
      return access.mayInOrganization(project.organizationId, action);
    },
  };
  return access;
}

function findMembership(db: Db | Tx, userId: string, organizationId: string) {
  return db.membership.findUnique({
    where: { organizationId_userId: { organizationId, userId } },
    select: { id: true, role: true },
  });
}

/** The signed-in user, or an `UNAUTHENTICATED` or `FORBIDDEN` refusal for everyone else. */
export function requireUser(caller: Caller): UserViewer {
  switch (caller.viewer.kind) {
    case 'user':
      return caller.viewer;
    case 'apiKey':
      throw errors.forbidden('An API key works with its own project; sign in for this.');
    case 'anonymous':
      throw errors.unauthenticated();
  }
}

/**
 * Asks inside the transaction of a change whether its caller may make it, and holds the membership
 * until the end, so that a concurrent removal waits or wins.
 * @param what how the thing is called in the answer to somebody who is no member
 * @throws NotFoundError for who is no member: another tenant's thing is like none
 * @throws Refusal `FORBIDDEN` for a member whose role does not allow it
 */
export async function requireInOrganization(
  tx: Tx,
  caller: Caller,
  { organizationId, action, what }: { organizationId: string; action: Action; what: string },
): Promise<{ user: UserViewer; role: Role }> {
  const user = requireUser(caller);
  const [membership] = await tx.$queryRaw<{ role: Role }[]>`
    SELECT role::text AS role FROM tessera.memberships
    WHERE organization_id = ${organizationId}::uuid AND user_id = ${user.userId}::uuid
    FOR SHARE`;
  if (membership === undefined) throw errors.notFound(what);
  if (!roleMay(membership.role, action)) throw errors.forbidden();
  return { user, role: membership.role };
}

/** The same for a thing of a project: a user by role. Keys never change what is managed. */
export function requireOnProject(
  tx: Tx,
  caller: Caller,
  { project, action, what }: { project: ProjectIdentity; action: Action; what: string },
): Promise<{ user: UserViewer; role: Role }> {
  return requireInOrganization(tx, caller, {
    organizationId: project.organizationId,
    action,
    what,
  });
}
