import type { User } from '#prisma';
import { builder } from '../graphql/builder.ts';
import {
  ValidationError,
  InvalidTokenError,
  InvalidCredentialsError,
} from '../errors/expected-error.ts';
import type { AccountPolicy } from '../account-policy.ts';
import type { UsersService } from './users.service.ts';
import { limiterOf } from '../graphql/field-limits.ts';
import { okSuccess } from '../graphql/success.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly accountPolicy: AccountPolicy;
    readonly users: UsersService;
  }
}

const UserType = builder.prismaObject('User', {
  description: 'A person with an account.',
  // Users can be reached only from the viewer's own account, or through an organization or key that they share with the
  // viewer.
  authScopes: { viaParent: true },
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    email: t.exposeString('email'),
    emailVerifiedAt: t.expose('emailVerifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: "When the user's email address was verified. Visible only to the user.",
      authScopes: (user) => ({ self: user.id }),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      // Nullable, so that requesting it for another member fails only this field, with a FORBIDDEN error.
      nullable: true,
      description: 'When the account was created. Visible only to the user.',
      authScopes: (user) => ({ self: user.id }),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.prismaField({
    type: 'User',
    nullable: true,
    description: 'The signed-in user. Null if no user is signed in.',
    authScopes: { public: true },
    resolve: (query, _root, _args, { db, viewer }) =>
      viewer.kind === 'user'
        ? db.user.findUnique({ ...query, where: { id: viewer.userId } })
        : null,
  }),
);

const RegistrationMode = builder.enumType('RegistrationMode', {
  description: 'Who can register.',
  values: {
    OPEN: { value: 'open', description: 'Everyone.' },
    INVITED: { value: 'invited', description: 'Users with an invitation to an organization.' },
    CLOSED: { value: 'closed', description: 'No one can register.' },
  } as const,
});

const EmailVerificationMode = builder.enumType('EmailVerificationMode', {
  description: 'Whether users must verify their email address before they can sign in.',
  values: { REQUIRED: { value: 'required' }, OPTIONAL: { value: 'optional' } } as const,
});

const AccountPolicyType = builder.objectRef<AccountPolicy>('AccountPolicy').implement({
  description: "The operator's settings for accounts.",
  authScopes: { public: true },
  fields: (t) => ({
    registration: t.expose('registration', { type: RegistrationMode }),
    emailVerification: t.expose('emailVerification', { type: EmailVerificationMode }),
  }),
});

builder.queryField('accountPolicy', (t) =>
  t.field({
    type: AccountPolicyType,
    description: 'Who can register, and whether email addresses must be verified.',
    authScopes: { public: true },
    resolve: (_root, _args, { services }) => services.accountPolicy,
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
    description: "Changes the caller's name, which members of their organizations can see.",
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

builder.mutationField('verifyEmail', (t) =>
  t.field({
    type: okSuccess('VerifyEmailSuccess'),
    nullable: true,
    description:
      'Verifies an email address with the token from an emailed link. The caller does not need to be signed in.',
    authScopes: { public: true },
    errors: { types: [InvalidTokenError] },
    args: {
      input: t.arg({
        type: builder.inputType('VerifyEmailInput', { fields: (f) => ({ token: f.string() }) }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      await context.services.users.verifyEmail(context, args.input, limiter);
      return { ok: true } as const;
    },
  }),
);

builder.mutationField('resendEmailVerification', (t) =>
  t.field({
    type: okSuccess('ResendEmailVerificationSuccess'),
    nullable: true,
    description:
      "Sends another email with a link to verify an email address, unless it is already verified: the caller's address, or the given address, for users who cannot sign in before they verify it. The response does not reveal whether the given address has an account.",
    authScopes: { public: true },
    errors: { types: [ValidationError, InvalidTokenError] },
    args: {
      input: t.arg({
        required: false,
        type: builder.inputType('ResendEmailVerificationInput', {
          fields: (f) => ({ email: f.string() }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const { users } = context.services;
      const limiter = limiterOf(root, args, context, info);
      if (args.input == null) await users.resendEmailVerification(context, limiter);
      else await users.resendEmailVerificationTo(context, args.input, limiter);
      return { ok: true } as const;
    },
  }),
);

builder.mutationField('changePassword', (t) =>
  t.field({
    type: okSuccess('ChangePasswordSuccess'),
    nullable: true,
    description:
      "Changes the caller's password, and ends all of their sessions except the current one.",
    authScopes: { user: true },
    errors: { types: [ValidationError, InvalidCredentialsError] },
    args: {
      input: t.arg({
        type: builder.inputType('ChangePasswordInput', {
          fields: (f) => ({ currentPassword: f.string(), newPassword: f.string() }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      await context.services.users.changePassword(context, args.input, limiter);
      return { ok: true } as const;
    },
  }),
);

builder.mutationField('requestPasswordReset', (t) =>
  t.field({
    type: okSuccess('RequestPasswordResetSuccess'),
    nullable: true,
    description:
      'Sends an email with a password reset link if an account with this address exists. The response does not reveal whether it exists.',
    authScopes: { public: true },
    errors: { types: [ValidationError] },
    args: {
      input: t.arg({
        type: builder.inputType('RequestPasswordResetInput', {
          fields: (f) => ({ email: f.string() }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      await context.services.users.requestPasswordReset(context, args.input, limiter);
      return { ok: true } as const;
    },
  }),
);

builder.mutationField('resetPassword', (t) =>
  t.field({
    type: okSuccess('ResetPasswordSuccess'),
    nullable: true,
    description:
      "Sets a new password with the token from an emailed link, which can be used once. Ends all of the user's sessions.",
    authScopes: { public: true },
    errors: { types: [ValidationError, InvalidTokenError] },
    args: {
      input: t.arg({
        type: builder.inputType('ResetPasswordInput', {
          fields: (f) => ({ token: f.string(), newPassword: f.string() }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      await context.services.users.resetPassword(context, args.input, limiter);
      return { ok: true } as const;
    },
  }),
);
