/** From most to least privileged. Each role includes the permissions of the roles after it. */
export const roles = ['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const;
export type Role = (typeof roles)[number];

/**
 * Every action in an organization, and the least privileged role that allows it. Scope-auth, the services and the
 * console's disabled buttons all use this list.
 */
export const actions = {
  'organization:read': 'VIEWER',
  'organization:leave': 'VIEWER',
  'organization:update': 'ADMIN',
  'organization:delete': 'OWNER',
  'member:read': 'VIEWER',
  'member:invite': 'ADMIN',
  'member:changeRole': 'ADMIN',
  'member:remove': 'ADMIN',
  'owner:manage': 'OWNER',
  'invitation:read': 'ADMIN',
  'invitation:revoke': 'ADMIN',
  'audit:read': 'ADMIN',
  'project:read': 'VIEWER',
  'project:create': 'ADMIN',
  'project:update': 'ADMIN',
  'project:delete': 'ADMIN',
  'projectSettings:read': 'VIEWER',
  'projectSettings:update': 'ADMIN',
  'apiKey:read': 'VIEWER',
  'apiKey:create': 'DEVELOPER',
  'apiKey:update': 'DEVELOPER',
  'apiKey:rotate': 'DEVELOPER',
  'apiKey:revoke': 'DEVELOPER',
  'schema:read': 'VIEWER',
  'schema:plan': 'DEVELOPER',
  'schema:apply': 'DEVELOPER',
  'data:read': 'VIEWER',
  'data:write': 'DEVELOPER',
  'access:viewAs': 'DEVELOPER',
  'access:explain': 'DEVELOPER',
} as const satisfies Record<string, Role>;

export type Action = keyof typeof actions;

// The cast is safe: Object.keys of a const object returns exactly its keys.
export const allActions = Object.keys(actions) as readonly Action[];

/** Reports whether `role` includes the permissions of `needed`. */
export function roleHolds(role: Role, needed: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(needed);
}

export function roleMay(role: Role, action: Action): boolean {
  return roleHolds(role, actions[action]);
}

/** The actions that a role allows, in the order of `allActions`. */
export function actionsOf(role: Role): readonly Action[] {
  return allActions.filter((action) => roleMay(role, action));
}
