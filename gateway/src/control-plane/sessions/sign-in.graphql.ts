import { builder } from '../graphql/builder.ts';
import type { Context } from '../graphql/context.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { errors } from '../errors/errors.ts';
import type { RefreshCookie } from './refresh-cookie.ts';
import type { IssuedSession } from './sessions.service.ts';
import { limiterOf, type RateLimiter } from '../graphql/field-limits.ts';
import { okSuccess } from '../graphql/success.ts';
import {
  EmailNotVerifiedError,
  EmailTakenError,
  InvalidCredentialsError,
  InvalidTokenError,
  RegistrationClosedError,
  ValidationError,
} from '../errors/expected-error.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly refreshCookie: RefreshCookie;
  }
}

type TokenDelivery = 'COOKIE' | 'BODY';

const TokenDeliveryType = builder.enumType('TokenDelivery', {
  description: 'How the refresh token is returned to the client.',
  values: {
    COOKIE: { description: 'In a cookie that scripts cannot read. For browsers.' },
    BODY: { description: 'In the `refreshToken` field. For clients that are not browsers.' },
  },
});

/** An issued session as returned to the client. `refreshToken` is null if the token is sent as a cookie. */
type DeliveredSession = Omit<IssuedSession, 'refreshToken'> & {
  readonly refreshToken: string | null;
};

const AuthSession = builder.objectRef<DeliveredSession>('AuthSession').implement({
  description: 'The tokens that a client receives when it signs in.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'A JWT for the `Authorization: Bearer …` header.',
    }),
    accessTokenExpiresAt: t.expose('accessTokenExpiresAt', { type: 'DateTime' }),
    refreshToken: t.exposeString('refreshToken', {
      nullable: true,
      description:
        'A token that can be exchanged once with `refreshSession`. Null if it was sent as a cookie.',
    }),
    user: t.prismaField({
      type: 'User',
      resolve: (query, { viewer }, _args, { db }) =>
        db.user.findUniqueOrThrow({ ...query, where: { id: viewer.userId } }),
    }),
  }),
});

/** The payload `{ session }` of all mutations that sign a user in. */
const authSessionSuccess = (name: string) =>
  builder.objectRef<{ session: DeliveredSession }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      session: t.field({ type: AuthSession, resolve: (success) => success.session }),
    }),
  });

/**
 * Sets the viewer for the rest of the request, and returns the refresh token in the body or in a cookie, as requested.
 */
function deliver(
  context: Context,
  issued: IssuedSession,
  delivery: TokenDelivery,
): { session: DeliveredSession } {
  context.signedIn(issued.viewer);
  switch (delivery) {
    case 'BODY':
      return { session: issued };
    case 'COOKIE':
      context.services.refreshCookie.write(context.cookies, issued);
      return { session: { ...issued, refreshToken: null } };
    default:
      return assertNever(delivery);
  }
}

builder.mutationField('register', (t) =>
  t.field({
    type: authSessionSuccess('RegisterSuccess'),
    nullable: true,
    description:
      'Creates an account, signs in, and sends an email with a link to verify the email address. If the address must be verified before the first sign-in, the result is an `EmailNotVerifiedError`, both for new addresses and for those that already have an account. See `accountPolicy`.',
    authScopes: { public: true },
    errors: {
      types: [
        ValidationError,
        EmailTakenError,
        EmailNotVerifiedError,
        RegistrationClosedError,
        InvalidTokenError,
      ],
    },
    args: {
      input: t.arg({
        type: builder.inputType('RegisterInput', {
          fields: (f) => ({
            name: f.string(),
            email: f.string(),
            password: f.string({ description: '12 to 256 characters of any kind.' }),
            invitationToken: f.string({
              required: false,
              description:
                'The token from an emailed invitation to this address. It verifies the address, and admits the registration if it requires an invitation. The invitation remains open: see `acceptInvitation`.',
            }),
            tokenDelivery: f.field({
              type: TokenDeliveryType,
              required: false,
              defaultValue: 'COOKIE',
            }),
          }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const { tokenDelivery, ...input } = args.input;
      const limiter = limiterOf(root, args, context, info);
      const issued = await context.services.users.register(context, input, limiter);
      return deliver(context, issued, tokenDelivery ?? 'COOKIE');
    },
  }),
);

builder.mutationField('login', (t) =>
  t.field({
    type: authSessionSuccess('LoginSuccess'),
    nullable: true,
    description:
      'Signs in. The error is the same for an unknown email address and for a wrong password. `EmailNotVerifiedError` means that the password is right, but the address must be verified first: see `resendEmailVerification`.',
    authScopes: { public: true },
    errors: { types: [ValidationError, InvalidCredentialsError, EmailNotVerifiedError] },
    args: {
      input: t.arg({
        type: builder.inputType('LoginInput', {
          fields: (f) => ({
            email: f.string(),
            password: f.string(),
            tokenDelivery: f.field({
              type: TokenDeliveryType,
              required: false,
              defaultValue: 'COOKIE',
            }),
          }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const { tokenDelivery, ...input } = args.input;
      const limiter = limiterOf(root, args, context, info);
      const issued = await context.services.sessions.login(context, input, limiter);
      return deliver(context, issued, tokenDelivery ?? 'COOKIE');
    },
  }),
);

builder.mutationField('refreshSession', (t) =>
  t.field({
    type: authSessionSuccess('RefreshSessionSuccess'),
    nullable: true,
    description:
      'Exchanges a refresh token for a new refresh token and an access token. Use each refresh token only once. Using it again later ends the session.',
    authScopes: { public: true },
    errors: { types: [ValidationError, InvalidTokenError] },
    args: {
      input: t.arg({
        type: builder.inputType('RefreshSessionInput', {
          fields: (f) => ({
            refreshToken: f.string({
              required: false,
              description: 'Omitted by browsers, which send it in a cookie.',
            }),
            tokenDelivery: f.field({
              type: TokenDeliveryType,
              required: false,
              defaultValue: 'COOKIE',
            }),
          }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const { refreshToken, tokenDelivery } = args.input;
      const delivery = tokenDelivery ?? 'COOKIE';
      const limiter = limiterOf(root, args, context, info);
      const issued =
        refreshToken == null
          ? await refreshFromCookie(context, delivery, limiter)
          : await context.services.sessions.refresh(context, refreshToken, limiter);
      return deliver(context, issued, delivery);
    },
  }),
);

/**
 * Refreshes the session with the refresh token from the cookie. The next token is also returned only in a cookie,
 * because scripts must not be able to read it.
 */
async function refreshFromCookie(
  context: Context,
  delivery: TokenDelivery,
  limiter: RateLimiter,
): Promise<IssuedSession> {
  const { sessions, refreshCookie } = context.services;
  const refreshToken = refreshCookie.read(context.cookies);
  if (refreshToken === null) throw errors.invalidToken('refresh token');
  if (delivery !== 'COOKIE') {
    throw errors.refreshTokenStaysInCookie();
  }
  try {
    return await sessions.refresh(context, refreshToken, limiter);
  } catch (error) {
    if (error instanceof InvalidTokenError) refreshCookie.clear(context.cookies);
    throw error;
  }
}

builder.mutationField('logout', (t) =>
  t.field({
    type: okSuccess('LogoutSuccess'),
    nullable: true,
    description: "Ends the caller's session, identified by the access token or the refresh cookie.",
    authScopes: { public: true },
    // No failure is expected, but a failure type in the union lets clients use `... on Error` in every mutation.
    errors: { types: [InvalidTokenError] },
    resolve: async (_root, _args, context) => {
      const { sessions, refreshCookie } = context.services;
      await sessions.logout(context, refreshCookie.read(context.cookies));
      refreshCookie.clear(context.cookies);
      return { ok: true } as const;
    },
  }),
);
