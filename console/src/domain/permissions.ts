import type { Role } from '#console/gql/graphql.ts';

import { leastRole, roles, type Action } from './generated/actions.ts';

/** The verb phrase for each action, which follows "Only owners can …". */
const actionWords: Readonly<Record<Action, string>> = {
  'organization:read': 'view the organization',
  'organization:leave': 'leave the organization',
  'organization:update': 'update the organization',
  'organization:delete': 'delete the organization',
  'member:read': 'view members',
  'member:invite': 'invite people',
  'member:changeRole': 'change roles',
  'member:remove': 'remove members',
  'owner:manage': 'add, change or remove owners',
  'invitation:read': 'view invitations',
  'invitation:revoke': 'revoke invitations',
  'audit:read': 'read the audit log',
  'project:read': 'view projects',
  'project:create': 'create projects',
  'project:update': 'update projects',
  'project:delete': 'delete projects',
  'projectSettings:read': 'view the settings of projects',
  'projectSettings:update': 'change the settings of projects',
  'apiKey:read': 'view keys',
  'apiKey:create': 'create keys',
  'apiKey:update': 'update keys',
  'apiKey:rotate': 'rotate keys',
  'apiKey:revoke': 'revoke keys',
  'schema:read': 'read the schema',
  'schema:plan': 'plan schema changes',
  'schema:apply': 'apply a schema',
  'data:read': 'read rows',
  'data:write': 'write rows',
  'access:viewAs': 'view projects as other callers',
  'access:explain': 'explain access rules',
};

/** The roles that include this role's permissions. */
const holders: Readonly<Record<Role, string>> = {
  OWNER: 'owners',
  ADMIN: 'admins and owners',
  DEVELOPER: 'developers, admins and owners',
  VIEWER: 'members',
};

const viewerIs: Readonly<Record<Role, string>> = {
  OWNER: 'You are an owner.',
  ADMIN: 'You are an admin.',
  DEVELOPER: 'You are a developer.',
  VIEWER: 'You are a viewer.',
};

/**
 * Whether the viewer is allowed to perform an action.
 *
 * @param viewerCan `viewerCan` of the organization or project
 */
export const can = (viewerCan: readonly string[], action: Action): boolean =>
  viewerCan.includes(action);

/**
 * Explains why a role does not allow an action, for a button's `disabledReason`. Returns null if the role allows it.
 *
 * @example whyNot('VIEWER', 'apiKey:create') // "Only developers, admins and owners can create keys. You are a viewer."
 */
export function whyNot(role: Role | null | undefined, action: Action): string | null {
  const least = leastRole[action];
  const rule = `Only ${holders[least]} can ${actionWords[action]}.`;
  if (role == null) return rule;
  if (roles.indexOf(role) <= roles.indexOf(least)) return null;
  return `${rule} ${viewerIs[role]}`;
}
