import { type Action, type Role, roleMay } from './actions.ts';
import type { Principal, ApiKeyViewer, UserViewer, Viewer } from './viewer.ts';
import { keyMay } from './key-actions.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { errors } from '../errors/errors.ts';
import { Prisma } from '#prisma';

/** The permissions of a request's viewer. Scope-auth and `viewerCan` use them. */
export interface RequestAccess {
  /** The signed-in user's role in an organization. Null if the viewer is not a member. */
  roleIn(organizationId: string): Promise<Role | null>;
  mayInOrganization(organizationId: string, action: Action): Promise<boolean>;
  mayOnProject(project: ProjectIdentity, action: Action): Promise<boolean>;
}

export interface ProjectIdentity {
  readonly id: string;
  readonly organizationId: string;
}

/** Roles in further organizations are looked up one at a time. */
const maxCachedRoles = 200;

/**
 * Checks the permissions of a request's viewer for reads. `viewer` is called on each check, because a sign-in changes
 * the viewer. A user's roles are read with one query and cached for the request. If an organization is missing from the
 * cached roles, it is looked up again, because the request may have just created it.
 */
export function createRequestAccess(db: Db, viewer: () => Viewer): RequestAccess {
  const rolesByUser = new Map<string, Promise<Map<string, Role>>>();

  const rolesOf = (userId: string): Promise<Map<string, Role>> => {
    const known = rolesByUser.get(userId);
    if (known !== undefined) return known;
    const loading = db.membership
      .findMany({ where: { userId }, take: maxCachedRoles })
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
      const membership = await db.membership.findUnique({
        where: { organizationId_userId: { organizationId, userId: current.userId } },
      });
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
        const { keyKind, projectId, scopes } = current;
        return keyKind === 'SECRET' && projectId === project.id && keyMay(scopes, action);
      }
      return access.mayInOrganization(project.organizationId, action);
    },
  };
  return access;
}

/**
 * @returns the signed-in user
 * @throws RequestError `UNAUTHENTICATED` or `FORBIDDEN` if no user is signed in
 */
export function requireUser(caller: Principal): UserViewer {
  switch (caller.viewer.kind) {
    case 'user':
      return caller.viewer;
    case 'apiKey':
      throw errors.notForApiKeys();
    case 'anonymous':
      throw errors.unauthenticated();
  }
}

/**
 * The rows that a change locks until its transaction ends. All changes acquire locks in the same order (the
 * organization, its invitations, memberships, users), which prevents deadlocks. For example, if two owners demote each
 * other at the same time, one waits for the other.
 * - `membership`: the caller's membership, and the organization so that it cannot be deleted. These changes run
 *   concurrently.
 * - `members`: the members and invitations of the organization. These changes run one at a time.
 * - `organization`: everything in the organization. These changes wait until all other changes in the organization have
 *   finished.
 */
export type Hold = 'membership' | 'members' | 'organization';

function organizationLock(hold: Hold): Prisma.Sql {
  switch (hold) {
    case 'membership':
      return Prisma.sql`FOR KEY SHARE OF o`;
    case 'members':
      return Prisma.sql`FOR NO KEY UPDATE OF o`;
    case 'organization':
      return Prisma.sql`FOR UPDATE OF o`;
    default:
      return assertNever(hold);
  }
}

/**
 * Locks an organization before a user who is not a member yet joins it. Does nothing if the organization does not
 * exist.
 */
export async function holdOrganization(tx: Tx, organizationId: string, hold: Hold): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM tessera.organizations o WHERE o.id = ${organizationId}::uuid
    ${organizationLock(hold)}`;
}

export interface NeededRight {
  readonly organizationId: string;
  readonly action: Action;
  /** What the error for a non-member calls the resource. */
  readonly what: string;
  /** @default 'membership' */
  readonly hold?: Hold;
}

/**
 * Checks that the caller is allowed to make a change, in the same transaction as the change. Locks the membership until
 * the transaction ends, so that a concurrent removal either waits or has already taken effect. Locks nothing if the
 * caller is not a member.
 * @throws NotFoundError if the caller is not a member, as if the resource did not exist
 * @throws RequestError `FORBIDDEN` if the member's role does not allow the action
 */
export async function requireInOrganization(
  tx: Tx,
  caller: Principal,
  { organizationId, action, what, hold = 'membership' }: NeededRight,
): Promise<{ user: UserViewer; role: Role }> {
  const user = requireUser(caller);
  // PostgreSQL acquires the locks in the order of the clauses.
  const [membership] = await tx.$queryRaw<{ role: Role }[]>`
    SELECT m.role::text AS role
    FROM tessera.organizations o JOIN tessera.memberships m ON m.organization_id = o.id
    WHERE o.id = ${organizationId}::uuid AND m.user_id = ${user.userId}::uuid
    ${organizationLock(hold)} FOR SHARE OF m`;
  if (membership === undefined) throw errors.notFound(what);
  if (!roleMay(membership.role, action)) throw errors.forbidden();
  return { user, role: membership.role };
}

export interface NeededProjectRight {
  readonly project: ProjectIdentity;
  readonly action: Action;
  /** What the error calls the resource if the caller has no access to the project. */
  readonly what: string;
}

/**
 * Checks that the caller is allowed to make a change in a project. For users, this depends on their role. For the
 * project's own key, it depends on the key's scopes. `keyMay` lists the actions that scopes can allow.
 * @throws NotFoundError if the caller is not a member or is another project's key
 * @throws RequestError `FORBIDDEN` if the role or the scopes do not allow the action
 * @throws RequestError `UNAUTHENTICATED` if there is no credential, or if the key was revoked or expired during the
 *   request
 */
export async function requireOnProject(
  tx: Tx,
  caller: Principal,
  { project, action, what }: NeededProjectRight,
): Promise<void> {
  if (caller.viewer.kind === 'apiKey') {
    return requireKeyOnProject(tx, caller.viewer, { project, action, what });
  }
  await requireInOrganization(tx, caller, {
    organizationId: project.organizationId,
    action,
    what,
  });
}

/**
 * Checks that a key is secret and active, and that its scopes allow the action. Reads the key from the database, because the
 * request's viewer may come from the cache of verified keys. Locks the project and then the key, in the same order as
 * changes to keys, so that a concurrent revocation either waits or has already taken effect.
 */
async function requireKeyOnProject(
  tx: Tx,
  { keyId, projectId }: ApiKeyViewer,
  { project, action, what }: NeededProjectRight,
): Promise<void> {
  if (projectId !== project.id) throw errors.notFound(what);
  const [key] = await tx.$queryRaw<{ scopes: string[] }[]>`
    SELECT k.scopes
    FROM tessera.organizations o
      JOIN tessera.projects p ON p.organization_id = o.id
      JOIN tessera.api_keys k ON k.project_id = p.id
    WHERE p.id = ${project.id}::uuid AND k.id = ${keyId}::uuid
      AND k.kind = 'SECRET' AND k.revoked_at IS NULL
      AND (k.expires_at IS NULL OR k.expires_at > now())
    FOR KEY SHARE OF o FOR NO KEY UPDATE OF p FOR SHARE OF k`;
  if (key === undefined) throw errors.unauthenticated();
  if (!keyMay(key.scopes, action)) throw errors.forbidden();
}
