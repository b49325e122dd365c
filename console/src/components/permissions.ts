import type { Role } from '#console/gql/graphql.ts';

/** Who may do it at the least, and what it is, after "Only owners …". */
const rules = {
  'organization:read': ['VIEWER', 'see the organization'],
  'organization:leave': ['VIEWER', 'leave the organization'],
  'organization:update': ['ADMIN', 'change the organization'],
  'organization:delete': ['OWNER', 'delete the organization'],
  'member:read': ['VIEWER', 'see the members'],
  'member:invite': ['ADMIN', 'invite people'],
  'member:changeRole': ['ADMIN', 'change roles'],
  'member:remove': ['ADMIN', 'remove members'],
  'owner:manage': ['OWNER', 'make, change or remove owners'],
  'invitation:read': ['ADMIN', 'see invitations'],
  'invitation:revoke': ['ADMIN', 'revoke invitations'],
  'audit:read': ['ADMIN', 'read the audit log'],
  'project:read': ['VIEWER', 'see projects'],
  'project:create': ['ADMIN', 'create projects'],
  'project:update': ['ADMIN', 'change projects'],
  'project:delete': ['ADMIN', 'delete projects'],
  'apiKey:read': ['VIEWER', 'see keys'],
  'apiKey:create': ['DEVELOPER', 'make keys'],
  'apiKey:update': ['DEVELOPER', 'change keys'],
  'apiKey:rotate': ['DEVELOPER', 'rotate keys'],
  'apiKey:revoke': ['DEVELOPER', 'revoke keys'],
  'schema:read': ['VIEWER', 'read the schema'],
  'schema:plan': ['DEVELOPER', 'plan schema changes'],
  'schema:apply': ['DEVELOPER', 'apply a schema'],
  'data:read': ['VIEWER', 'read rows'],
  'data:write': ['DEVELOPER', 'write rows'],
} as const satisfies Record<string, readonly [Role, string]>;

export type Action = keyof typeof rules;

const roles = ['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const satisfies readonly Role[];

const who: Readonly<Record<Role, string>> = {
  OWNER: 'owners',
  ADMIN: 'admins and owners',
  DEVELOPER: 'developers, admins and owners',
  VIEWER: 'members',
};

const you: Readonly<Record<Role, string>> = {
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
  const [least, what] = rules[action];
  if (role == null) return `Only ${who[least]} ${what}.`;
  if (roles.indexOf(role) <= roles.indexOf(least)) return null;
  return `Only ${who[least]} ${what}. ${you[role]}`;
}
