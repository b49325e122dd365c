import type { User } from '#prisma';
import { builder } from '../graphql/builder.ts';
import { ValidationError } from '../errors/expected-error.ts';
import type { UsersService } from './users.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly users: UsersService;
  }
}

const UserType = builder.prismaObject('User', {
  description: 'A person with an account.',
  // Reached by themselves, or through what they and the viewer share: an organization, a key.
  authScopes: { viaParent: true },
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    email: t.exposeString('email'),
    emailVerifiedAt: t.expose('emailVerifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the address was proven to be theirs. Shown to themselves only.',
      authScopes: (user) => ({ self: user.id }),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      // Null beside a FORBIDDEN error, so that asking it of a fellow member costs that field alone.
      nullable: true,
      description: 'When the account was made. Shown to themselves only.',
      authScopes: (user) => ({ self: user.id }),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.prismaField({
    type: 'User',
    nullable: true,
    description: 'The signed-in user; null for everyone else.',
    authScopes: { public: true },
    resolve: (query, _root, _args, { db, viewer }) =>
      viewer.kind === 'user'
        ? db.user.findUnique({ ...query, where: { id: viewer.userId } })
        : null,
  }),
);

const UpdateProfileSuccess = builder.objectRef<{ user: User }>('UpdateProfileSuccess').implement({
  authScopes: { viaParent: true },
  fields: (t) => ({ user: t.field({ type: UserType, resolve: (success) => success.user }) }),
});

builder.mutationField('updateProfile', (t) =>
  t.field({
    type: UpdateProfileSuccess,
    nullable: true,
    description: "Changes the caller's name, which members of their organizations see.",
    authScopes: { user: true },
    errors: { types: [ValidationError] },
    args: {
      input: t.arg({
        type: builder.inputType('UpdateProfileInput', { fields: (f) => ({ name: f.string() }) }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      user: await context.services.users.updateProfile(context, input),
    }),
  }),
);
