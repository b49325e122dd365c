import { builder } from '../graphql/builder.ts';
import { limiterOf } from '../graphql/field-limits.ts';
import { okSuccess } from '../graphql/success.ts';
import {
  InvalidCredentialsError,
  InvalidTokenError,
  ValidationError,
} from '../../platform/errors/expected-error.ts';

builder.mutationField('changePassword', (t) =>
  t.field({
    type: okSuccess('ChangePasswordSuccess'),
    nullable: true,
    description: "Changes the caller's password, and ends all of their sessions but this one.",
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
      'Mails a link to choose a new password, if the address has an account. The answer does not tell.',
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
      "Sets a new password with the token of a mailed link, once, and ends all of the user's sessions.",
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
