import type { Role } from '#console/gql/graphql.ts';

/** A role in a sentence: "joins as a developer". */
export const asRole: Readonly<Record<Role, string>> = {
  OWNER: 'an owner',
  ADMIN: 'an admin',
  DEVELOPER: 'a developer',
  VIEWER: 'a viewer',
};
