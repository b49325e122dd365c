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
  description: "A user's membership in an organization.",
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
    description: "The organization's members, in the order in which they joined.",
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
    description: "Changes a member's role. Only an owner can add or demote an owner.",
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
    description:
      'Removes a member from the organization immediately. Only an owner can remove an owner.',
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
    description: 'Removes the caller from the organization. The last owner cannot leave.',
    authScopes: { user: true },
    errors: { types: [NotFoundError, LastOwnerError] },
    args: {
      input: t.arg({
        type: builder.inputType('LeaveOrganizationInput', {
          fields: (f) => ({ id: f.id({ description: "The organization's id." }) }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => {
      await context.services.members.leave(context, input);
      return { ok: true } as const;
    },
  }),
);
