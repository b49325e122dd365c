import type { Role } from '#console/gql/graphql.ts';

/** From highest to lowest. Each role includes the permissions of the roles after it. */
export const roles = ['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const satisfies readonly Role[];

export const roleName: Readonly<Record<Role, string>> = {
  OWNER: 'Owner',
  ADMIN: 'Admin',
  DEVELOPER: 'Developer',
  VIEWER: 'Viewer',
};

/** A short description of each role. */
export const roleMeaning: Readonly<Record<Role, string>> = {
  OWNER: 'Full access, including managing owners and deleting the organization.',
  ADMIN:
    'Manages members and projects, reads the audit log, and can do everything that developers can.',
  DEVELOPER: 'Manages schemas, rows and API keys in every project.',
  VIEWER: 'Read-only access to everything except secrets.',
};
