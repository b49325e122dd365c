import { queryFromInfo } from '@pothos/plugin-prisma';

import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { okSuccess } from '../graphql/success.ts';
import { LastOwnerError, NotFoundError } from '../errors/expected-error.ts';
import { Role } from '../access/role.graphql.ts';
import type { MembersService } from './members.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly members: MembersService;
  }
}

const Member = builder.prismaObject('Membership', {
  name: 'Member',
  description: 'A user in an organization.',
  authScopes: ({ organizationId }) => ({
    organization: { id: organizationId, action: 'member:read' },
  }),
  fields: (t) => ({
    id: t.exposeID('id'),
    role: t.expose('role', { type: Role }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime' }),
    user: t.relation('user'),
  }),
});

builder.prismaObjectField('Organization', 'members', (t) =>
  t.connection({
    type: Member,
    description: 'The users in the organization, who joined first comes first.',
    authScopes: ({ id }) => ({ organization: { id, action: 'member:read' } }),
    args: { role: t.arg({ type: Role, required: false }) },
    resolve: ({ id }, args, context, info) => {
      const { membership } = context.db;
      const paths = [['nodes'], ['edges', 'node']];
      const where = { organizationId: id, ...(args.role != null && { role: args.role }) };
      return keysetConnection({
        args,
        order: 'oldest first',
        count: () => membership.count({ where }),
        page: ({ where: after, ...page }) =>
          membership.findMany({
            ...queryFromInfo({ context, info, paths, include: { user: true } }),
            where: { AND: [where, after] },
            ...page,
          }),
      });
    },
  }),
);

builder.mutationField('changeMemberRole', (t) =>
  t.field({
    type: okSuccess('ChangeMemberRoleSuccess'),
    nullable: true,
    description: 'Gives a member another role. Only an owner makes or demotes an owner.',
    authScopes: { user: true },
    errors: { types: [NotFoundError, LastOwnerError] },
    args: {
      input: t.arg({
        type: builder.inputType('ChangeMemberRoleInput', {
          fields: (f) => ({ id: f.id(), role: f.field({ type: Role }) }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => {
      await context.services.members.changeRole(context, input);
      return { ok: true } as const;
    },
  }),
);

builder.mutationField('removeMember', (t) =>
  t.field({
    type: okSuccess('RemoveMemberSuccess'),
    nullable: true,
    description: "Ends a member's membership, at once. Only an owner removes an owner.",
    authScopes: { user: true },
    errors: { types: [NotFoundError, LastOwnerError] },
    args: {
      input: t.arg({
        type: builder.inputType('RemoveMemberInput', { fields: (f) => ({ id: f.id() }) }),
      }),
    },
    resolve: async (_root, { input }, context) => {
      await context.services.members.remove(context, input);
      return { ok: true } as const;
    },
  }),
);

builder.mutationField('leaveOrganization', (t) =>
  t.field({
    type: okSuccess('LeaveOrganizationSuccess'),
    nullable: true,
    description: "Ends the caller's own membership. The last owner stays.",
    authScopes: { user: true },
    errors: { types: [NotFoundError, LastOwnerError] },
    args: {
      input: t.arg({
        type: builder.inputType('LeaveOrganizationInput', {
          fields: (f) => ({ id: f.id({ description: "The organization's." }) }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => {
      await context.services.members.leave(context, input);
      return { ok: true } as const;
    },
  }),
);
