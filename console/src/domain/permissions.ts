import type { Role } from '#console/gql/graphql.ts';

import { leastRole, roles, type Action } from './generated/actions.ts';

/** What each action is called after "Only owners …". */
const actionWords: Readonly<Record<Action, string>> = {
  'organization:read': 'see the organization',
  'organization:leave': 'leave the organization',
  'organization:update': 'change the organization',
  'organization:delete': 'delete the organization',
  'member:read': 'see the members',
  'member:invite': 'invite people',
  'member:changeRole': 'change roles',
  'member:remove': 'remove members',
  'owner:manage': 'make, change or remove owners',
  'invitation:read': 'see invitations',
  'invitation:revoke': 'revoke invitations',
  'audit:read': 'read the audit log',
  'project:read': 'see projects',
  'project:create': 'create projects',
  'project:update': 'change projects',
  'project:delete': 'delete projects',
  'apiKey:read': 'see keys',
  'apiKey:create': 'make keys',
  'apiKey:update': 'change keys',
  'apiKey:rotate': 'rotate keys',
  'apiKey:revoke': 'revoke keys',
  'schema:read': 'read the schema',
  'schema:plan': 'plan schema changes',
  'schema:apply': 'apply a schema',
  'data:read': 'read rows',
  'data:write': 'write rows',
};

/** Everyone with at least this role. */
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

/** @param viewerCan the organization's or the project's */
export const can = (viewerCan: readonly string[], action: Action): boolean =>
  viewerCan.includes(action);

/**
 * Why a role may not take an action, for a button's `disabledReason`; null where it may.
 *
 * @example whyNot('VIEWER', 'apiKey:create') // "Only developers, admins and owners make keys. You are a viewer."
 */
export function whyNot(role: Role | null | undefined, action: Action): string | null {
  const least = leastRole[action];
  const rule = `Only ${holders[least]} ${actionWords[action]}.`;
  if (role == null) return rule;
  if (roles.indexOf(role) <= roles.indexOf(least)) return null;
  return `${rule} ${viewerIs[role]}`;
}
