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
  description: 'One sign-in, on one device.',
  authScopes: (session) => ({ self: session.userId }),
  fields: (t) => ({
    id: t.exposeID('id'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      description: 'When it was begun or last refreshed.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it ends if it is not used; each refresh moves it, up to a limit.',
    }),
    ipAddress: t.exposeString('ipAddress', {
      nullable: true,
      description: 'Where the sign-in came from.',
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description: 'The browser or program that signed in, by its own account.',
    }),
    current: t.boolean({
      description: 'Is it the one that this request comes with?',
      resolve: (session, _args, { viewer }) =>
        viewer.kind === 'user' && viewer.sessionId === session.id,
    }),
  }),
});

builder.prismaObjectField('User', 'sessions', (t) =>
  t.connection({
    type: SessionType,
    description: 'Where the user is signed in, newest first.',
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
    description: "Ends one of the caller's sessions. Its access token dies within a second.",
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
    description: "Ends all of the caller's sessions but this one.",
    authScopes: { user: true },
    // Nothing is expected to fail; a failure in the union lets clients spread `... on Error` everywhere.
    errors: { types: [NotFoundError] },
    resolve: async (_root, _args, context) => {
      await context.services.sessions.revokeOthers(context);
      return { ok: true } as const;
    },
  }),
);
