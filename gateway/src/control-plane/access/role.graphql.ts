import { builder } from '../graphql/builder.ts';
import { roles } from './actions.ts';

export const Role = builder.enumType('Role', {
  description:
    "A member's role in an organization. Each role includes the permissions of the roles listed after it.",
  values: roles,
});
