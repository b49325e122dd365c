import { builder } from '../graphql/builder.ts';
import { roles } from './actions.ts';

export const Role = builder.enumType('Role', {
  description: 'What a member may do. Each role holds the rights of those after it.',
  values: roles,
});
