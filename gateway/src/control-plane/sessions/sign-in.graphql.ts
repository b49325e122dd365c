import { builder } from '../graphql/builder.ts';
import type { Context } from '../graphql/context.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { errors } from '../errors/errors.ts';
import type { RefreshCookie } from './refresh-cookie.ts';
import type { IssuedSession } from './sessions.service.ts';
import { limiterOf, type RateLimiter } from '../graphql/field-limits.ts';
import { okSuccess } from '../graphql/success.ts';
import {
  EmailTakenError,
  InvalidCredentialsError,
  InvalidTokenError,
  ValidationError,
} from '../errors/expected-error.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly refreshCookie: RefreshCookie;
  }
}

type TokenDelivery = 'COOKIE' | 'BODY';

const TokenDeliveryType = builder.enumType('TokenDelivery', {
  description: 'How the client gets the refresh token.',
  values: {
    COOKIE: { description: 'As a cookie that no script can read: for browsers.' },
    BODY: { description: 'In `refreshToken`: for clients that are no browser.' },
  },
});

/** An issued session as its client is shown it: without what it gets as a cookie. */
type DeliveredSession = Omit<IssuedSession, 'refreshToken'> & {
  readonly refreshToken: string | null;
};

const AuthSession = builder.objectRef<DeliveredSession>('AuthSession').implement({
  description: 'What a client holds after signing in.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description: 'A JWT for `Authorization: Bearer …`.',
    }),
    accessTokenExpiresAt: t.expose('accessTokenExpiresAt', { type: 'DateTime' }),
    refreshToken: t.exposeString('refreshToken', {
      nullable: true,
      description: 'Exchange it, once, with `refreshSession`. Null when it came as a cookie.',
    }),
    user: t.prismaField({
      type: 'User',
      resolve: (query, { viewer }, _args, { db }) =>
        db.user.findUniqueOrThrow({ ...query, where: { id: viewer.userId } }),
    }),
  }),
});

/** `{ session }`, which is what every mutation that signs in shows. */
const authSessionSuccess = (name: string) =>
  builder.objectRef<{ session: DeliveredSession }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      session: t.field({ type: AuthSession, resolve: (success) => success.session }),
    }),
  });

/** Lets the rest of the request be the user's, and hands the refresh token over as asked. */
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
    description: 'Makes an account and signs in to it. A link to verify the address is mailed.',
    authScopes: { public: true },
    errors: { types: [ValidationError, EmailTakenError] },
    args: {
      input: t.arg({
        type: builder.inputType('RegisterInput', {
          fields: (f) => ({
            name: f.string(),
            email: f.string(),
            password: f.string({ description: '12 to 256 characters of any kind.' }),
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
    description: 'Signs in. An unknown address and a wrong password get the same answer.',
    authScopes: { public: true },
    errors: { types: [ValidationError, InvalidCredentialsError] },
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
      'Exchanges the refresh token for a new one and an access token. Use each token once: one that comes back later ends the session.',
    authScopes: { public: true },
    errors: { types: [ValidationError, InvalidTokenError] },
    args: {
      input: t.arg({
        type: builder.inputType('RefreshSessionInput', {
          fields: (f) => ({
            refreshToken: f.string({
              required: false,
              description: 'Left out by browsers, whose cookie carries it.',
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

/** What came as a cookie stays one: otherwise a script could ask for what it must not read. */
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
    description: "Ends the caller's session, known by access token or by refresh cookie.",
    authScopes: { public: true },
    // Nothing is expected to fail; a failure in the union lets clients spread `... on Error` everywhere.
    errors: { types: [InvalidTokenError] },
    resolve: async (_root, _args, context) => {
      const { sessions, refreshCookie } = context.services;
      await sessions.logout(context, refreshCookie.read(context.cookies));
      refreshCookie.clear(context.cookies);
      return { ok: true } as const;
    },
  }),
);
