import { builder } from '../graphql/builder.ts';
import { limiterOf } from '../graphql/field-limits.ts';
import { okSuccess } from '../graphql/success.ts';
import { InvalidTokenError } from '../../platform/errors/expected-error.ts';

builder.mutationField('verifyEmail', (t) =>
  t.field({
    type: okSuccess('VerifyEmailSuccess'),
    nullable: true,
    description:
      'Proves an address with the token of the link that was mailed to it, signed in or not.',
    authScopes: { public: true },
    errors: { types: [InvalidTokenError] },
    args: {
      input: t.arg({
        type: builder.inputType('VerifyEmailInput', { fields: (f) => ({ token: f.string() }) }),
      }),
    },
    resolve: async (_root, { input }, context) => {
      await context.services.users.verifyEmail(context, input);
      return { ok: true } as const;
    },
  }),
);

builder.mutationField('resendEmailVerification', (t) =>
  t.field({
    type: okSuccess('ResendEmailVerificationSuccess'),
    nullable: true,
    description: "Mails the link that proves the caller's address once more, unless it is proven.",
    authScopes: { user: true },
    // Nothing is expected to fail; a failure in the union lets clients spread `... on Error` everywhere.
    errors: { types: [InvalidTokenError] },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      await context.services.users.resendEmailVerification(context, limiter);
      return { ok: true } as const;
    },
  }),
);
