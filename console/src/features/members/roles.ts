import type { Role } from '#console/gql/graphql.ts';

/** From the most to the least: each holds the rights of those after it. */
export const roles = ['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const satisfies readonly Role[];

export const roleName: Readonly<Record<Role, string>> = {
  OWNER: 'Owner',
  ADMIN: 'Admin',
  DEVELOPER: 'Developer',
  VIEWER: 'Viewer',
};

/** What each may do, beyond what the next one may. */
export const roleMeaning: Readonly<Record<Role, string>> = {
  OWNER: 'Everything, also other owners and deleting the organization.',
  ADMIN: 'Members, projects and the audit log, and all that developers do.',
  DEVELOPER: 'Schemas, rows and API keys of every project.',
  VIEWER: 'Sees everything but secrets, and changes nothing.',
};
