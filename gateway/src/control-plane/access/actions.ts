/** From the most to the least: each role holds the rights of those after it. */
export const roles = ['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const;
export type Role = (typeof roles)[number];

/**
 * Everything that may be done inside an organization, with the least role that may do it. Scope-auth,
 * services and the console's disabled buttons all derive from this one list.
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
} as const satisfies Record<string, Role>;

export type Action = keyof typeof actions;

// The one cast: Object.keys of a const object yields exactly its keys.
export const allActions = Object.keys(actions) as readonly Action[];

/** Does `role` hold the rights of `needed`? */
export function roleHolds(role: Role, needed: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(needed);
}

export function roleMay(role: Role, action: Action): boolean {
  return roleHolds(role, actions[action]);
}

/** The actions that a role may take, in the order of the list. */
export function actionsOf(role: Role): readonly Action[] {
  return allActions.filter((action) => roleMay(role, action));
}
