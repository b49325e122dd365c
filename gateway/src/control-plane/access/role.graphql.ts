import { builder } from '../graphql/builder.ts';
import { roles } from './actions.ts';

export const Role = builder.enumType('Role', {
  description:
    'The role of a member in an organization. Each role includes the permissions of the roles after it.',
  values: roles,
});
