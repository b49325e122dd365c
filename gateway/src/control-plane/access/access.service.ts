import { type Action, type Role, roleMay } from './actions.ts';
import type { Principal, ApiKeyViewer, UserViewer, Viewer } from './viewer.ts';
import { keyMay } from './key-actions.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { errors } from '../errors/errors.ts';
import { Prisma } from '#prisma';
import { controlPlaneLimits } from '../limits.ts';

/** The viewer's rights, read once per request and asked by scope-auth and `viewerCan`. */
export interface RequestAccess {
  /** The signed-in user's role in an organization; null for everyone who is no member. */
  roleIn(organizationId: string): Promise<Role | null>;
  mayInOrganization(organizationId: string, action: Action): Promise<boolean>;
  mayOnProject(project: ProjectIdentity, action: Action): Promise<boolean>;
}

export interface ProjectIdentity {
  readonly id: string;
  readonly organizationId: string;
}

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
      .findMany({ where: { userId }, take: controlPlaneLimits.maxOrganizationsPerUser })
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
        return current.projectId === project.id && keyMay(current.scopes, action);
      }
      return access.mayInOrganization(project.organizationId, action);
    },
  };
  return access;
}

/** The signed-in user, or an `UNAUTHENTICATED` or `FORBIDDEN` refusal for everyone else. */
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
 * What a change keeps still until its transaction ends. Every change takes its locks in one order (the
 * organization, then its invitations, then memberships, then users), so that none waits in a circle:
 * two owners who demote each other come one after the other.
 * - `membership`: the caller's own, and the organization's existence. Such changes run side by side.
 * - `members`: who belongs to the organization, or is invited to it. One such change at a time.
 * - `organization`: everything; what is under way in it ends first.
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

/** Holds an organization for somebody who is no member yet; does nothing if there is none with this id. */
export async function holdOrganization(tx: Tx, organizationId: string, hold: Hold): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM tessera.organizations o WHERE o.id = ${organizationId}::uuid
    ${organizationLock(hold)}`;
}

export interface NeededRight {
  readonly organizationId: string;
  readonly action: Action;
  /** How the thing is called in the answer to somebody who is no member. */
  readonly what: string;
  /** @default 'membership' */
  readonly hold?: Hold;
}

/**
 * Asks inside the transaction of a change whether its caller may make it, and holds the membership
 * until the end, so that a concurrent removal waits or wins. Only members ever lock anything.
 * @throws NotFoundError for who is no member: another tenant's thing is like none
 * @throws RequestError `FORBIDDEN` for a member whose role does not allow it
 */
export async function requireInOrganization(
  tx: Tx,
  caller: Principal,
  { organizationId, action, what, hold = 'membership' }: NeededRight,
): Promise<{ user: UserViewer; role: Role }> {
  const user = requireUser(caller);
  // PostgreSQL locks in the order in which the clauses stand.
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
  /** How the thing is called in the answer to somebody whose project it is not. */
  readonly what: string;
}

/**
 * The same for a thing of a project: a user by role, and the project's own key by its scopes. Which
 * actions a key may take at all is `keyMay`'s to say.
 * @throws NotFoundError for who is no member, and for another project's key
 * @throws RequestError `FORBIDDEN` for a role or scopes that do not allow it
 * @throws RequestError `UNAUTHENTICATED` without a credential, and for a key that was revoked or expired meanwhile
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
 * Asks the database, since the request's viewer may come from the cache of verified keys. Holds the
 * project and then the key, in the order in which keys are changed, so that a revocation waits or wins.
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
    WHERE p.id = ${project.id}::uuid AND k.id = ${keyId}::uuid AND k.revoked_at IS NULL
      AND (k.expires_at IS NULL OR k.expires_at > now())
    FOR KEY SHARE OF o FOR NO KEY UPDATE OF p FOR SHARE OF k`;
  if (key === undefined) throw errors.unauthenticated();
  if (!keyMay(key.scopes, action)) throw errors.forbidden();
}
