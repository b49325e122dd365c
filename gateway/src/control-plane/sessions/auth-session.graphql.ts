import { builder } from '../graphql/builder.ts';
import type { Context } from '../graphql/context.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { RefreshCookie } from './refresh-cookie.ts';
import type { IssuedSession } from './sessions.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly refreshCookie: RefreshCookie;
  }
}

export type TokenDelivery = 'COOKIE' | 'BODY';

export const TokenDeliveryType = builder.enumType('TokenDelivery', {
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
export const authSessionSuccess = (name: string) =>
  builder.objectRef<{ session: DeliveredSession }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      session: t.field({ type: AuthSession, resolve: (success) => success.session }),
    }),
  });

/** Lets the rest of the request be the user's, and hands the refresh token over as asked. */
export function deliver(
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
