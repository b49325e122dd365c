import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { okSuccess } from '../graphql/success.ts';
import { NotFoundError } from '../errors/expected-error.ts';
import type { SessionsService } from './sessions.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly sessions: SessionsService;
  }
}

const SessionType = builder.prismaObject('Session', {
  description: "A user's sign-in on one device.",
  authScopes: (session) => ({ self: session.userId }),
  fields: (t) => ({
    id: t.exposeID('id'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      description: 'When the session was created or last refreshed.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description:
        'When the session ends if it is not used. Each refresh extends it, up to a limit.',
    }),
    ipAddress: t.exposeString('ipAddress', {
      nullable: true,
      description: 'The IP address that the user signed in from.',
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description: 'The user agent that the browser or program reported at sign-in.',
    }),
    current: t.boolean({
      description: 'Whether this request uses this session.',
      resolve: (session, _args, { viewer }) =>
        viewer.kind === 'user' && viewer.sessionId === session.id,
    }),
  }),
});

builder.prismaObjectField('User', 'sessions', (t) =>
  t.connection({
    type: SessionType,
    description: "The user's active sessions, newest first.",
    authScopes: (user) => ({ self: user.id }),
    resolve: (user, args, { db, services }) => {
      const where = services.sessions.standingOf(user.id);
      return keysetConnection({
        args,
        order: 'newest first',
        count: () => db.session.count({ where }),
        page: ({ where: after, ...page }) =>
          db.session.findMany({ where: { AND: [where, after] }, ...page }),
      });
    },
  }),
);

builder.mutationField('revokeSession', (t) =>
  t.field({
    type: okSuccess('RevokeSessionSuccess'),
    nullable: true,
    description:
      "Revokes one of the caller's sessions. Its access token stops working within a second.",
    authScopes: { user: true },
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('RevokeSessionInput', { fields: (f) => ({ id: f.id() }) }),
      }),
    },
    resolve: async (_root, { input }, context) => {
      await context.services.sessions.revoke(context, input);
      return { ok: true } as const;
    },
  }),
);

builder.mutationField('revokeOtherSessions', (t) =>
  t.field({
    type: okSuccess('RevokeOtherSessionsSuccess'),
    nullable: true,
    description: "Revokes all of the caller's sessions except the current one.",
    authScopes: { user: true },
    // No failure is expected, but a failure type in the union lets clients use `... on Error` in every mutation.
    errors: { types: [NotFoundError] },
    resolve: async (_root, _args, context) => {
      await context.services.sessions.revokeOthers(context);
      return { ok: true } as const;
    },
  }),
);
