import type { Prisma } from '#prisma';
import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { usageDescription, UsageDayType } from '../graphql/usage-day.ts';
import {
  KeyNotActiveError,
  LimitReachedError,
  NotFoundError,
  ValidationError,
} from '../errors/expected-error.ts';
import { activeKeysOf, type ApiKeyRecord } from './api-key-record.ts';
import type { ApiKeysService } from './api-keys.service.ts';
import type { NewApiKey } from './key-changes.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly apiKeys: ApiKeysService;
  }
}

const ApiKeyKind = builder.enumType('ApiKeyKind', {
  values: {
    SECRET: { description: 'For servers, which can keep a secret.' },
    PUBLISHABLE: { description: 'For apps that run at users. Comes with row rules.' },
  } as const,
});

const ApiKeyType = builder.objectRef<ApiKeyRecord>('ApiKey').implement({
  description:
    "What a program calls a project's API with. Its text is shown when it is made, once.",
  authScopes: (key) => ({
    ownKey: key.id,
    project: { project: key.project, action: 'apiKey:read' },
  }),
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    kind: t.field({ type: ApiKeyKind, resolve: (key) => key.kind }),
    prefix: t.exposeString('prefix', { description: 'How the key begins.' }),
    lastFour: t.exposeString('lastFour', { description: 'How the key ends.' }),
    scopes: t.exposeStringList('scopes', {
      description: 'What it may do: `data.read`, `data.write:Issue`, `schema.apply`, …',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to within a minute.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    rateLimitPerMinute: t.exposeInt('rateLimitPerMinute', {
      nullable: true,
      description: 'Requests per minute; null for no limit of its own.',
    }),
    usage: t.field({
      type: [UsageDayType],
      description: usageDescription('How many requests were made with it, to either API,'),
      args: { days: t.arg.int({ defaultValue: 30 }) },
      resolve: ({ id }, { days }, { services }) => services.usage.ofKey(id, days),
    }),
    createdBy: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'Who made it; null when that account is gone. Not for the key itself.',
      authScopes: (key) => ({ project: { project: key.project, action: 'member:read' } }),
      resolve: (query, { createdById }, _args, { db }) =>
        createdById === null ? null : db.user.findUnique({ ...query, where: { id: createdById } }),
    }),
    replacedById: t.id({
      nullable: true,
      description:
        'The key that took over from it when it was rotated; it is rotated once. Not for the key itself.',
      authScopes: (key) => ({ project: { project: key.project, action: 'apiKey:read' } }),
      resolve: async ({ id }, _args, { db }) => {
        // Prisma asks for all keys of a page at once.
        const where = { rotatedFromId: id };
        const successor = await db.apiKey.findUnique({ where, select: { id: true } });
        return successor?.id ?? null;
      },
    }),
    project: t.prismaField({
      type: 'Project',
      description: 'The one project that it opens.',
      // The row is at hand, so that a call with a key asks the database nothing.
      resolve: (_query, key) => key.project,
    }),
  }),
});

builder.queryField('currentApiKey', (t) =>
  t.field({
    type: ApiKeyType,
    nullable: true,
    description: 'The key that this request is made with; null for any other request.',
    authScopes: { public: true },
    resolve: (_root, _args, { viewer, services }) =>
      viewer.kind === 'apiKey' ? services.apiKeys.current(viewer) : null,
  }),
);

builder.prismaObjectField('Project', 'apiKeys', (t) =>
  t.connection({
    type: ApiKeyType,
    description: "The project's keys, newest first, with those that are revoked or expired.",
    authScopes: (project) => ({ project: { project, action: 'apiKey:read' } }),
    args: {
      active: t.arg.boolean({
        required: false,
        description: 'Only those that still open something, or, if false, only the others.',
      }),
    },
    resolve: (project, { active, ...args }, { db, services }) => {
      const working = activeKeysOf(project.id, services.apiKeys.now());
      const ofProject: Prisma.ApiKeyWhereInput = {
        projectId: project.id,
        ...(active != null && (active ? working : { NOT: working })),
      };
      return keysetConnection({
        args,
        order: 'newest first',
        count: () => db.apiKey.count({ where: ofProject }),
        page: async ({ where: after, ...page }) => {
          const keys = await db.apiKey.findMany({
            where: { AND: [ofProject, after] },
            omit: { keyHash: true },
            ...page,
          });
          return keys.map((key): ApiKeyRecord => ({ ...key, project }));
        },
      });
    },
  }),
);

/** `{ apiKey secret }`, the only place where a key's text is ever shown. */
const newKeySuccess = (name: string) =>
  builder.objectRef<NewApiKey>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      apiKey: t.expose('apiKey', { type: ApiKeyType }),
      secret: t.exposeString('secret', {
        description: 'The key itself. It is shown this once and kept nowhere: store it now.',
      }),
    }),
  });

const keySuccess = (name: string) =>
  builder.objectRef<{ apiKey: ApiKeyRecord }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({ apiKey: t.expose('apiKey', { type: ApiKeyType }) }),
  });

const scopesDescription =
  '1 to 100 of `data.read`, `data.write`, `schema.read`, `schema.apply`; the data scopes may name a model: `data.read:Issue`.';

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: newKeySuccess('CreateApiKeySuccess'),
    nullable: true,
    description: 'Makes a key for a project.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError, LimitReachedError] },
    args: {
      input: t.arg({
        type: builder.inputType('CreateApiKeyInput', {
          fields: (f) => ({
            projectRef: f.id(),
            name: f.string(),
            kind: f.field({ type: ApiKeyKind }),
            scopes: f.stringList({ description: scopesDescription }),
            expiresAt: f.field({ type: 'DateTime', required: false }),
            rateLimitPerMinute: f.int({ required: false, description: '1 to 1,000,000.' }),
          }),
        }),
      }),
    },
    resolve: (_root, { input }, context) => context.services.apiKeys.create(context, input),
  }),
);

builder.mutationField('rotateApiKey', (t) =>
  t.field({
    type: newKeySuccess('RotateApiKeySuccess'),
    nullable: true,
    description:
      'Makes a key that takes over from another, with its name, scopes, limit and expiry. The old key works until the overlap ends. A key is rotated once.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError, KeyNotActiveError, LimitReachedError] },
    args: {
      input: t.arg({
        type: builder.inputType('RotateApiKeyInput', {
          fields: (f) => ({
            id: f.id(),
            overlapSeconds: f.int({ description: '0 to 2,592,000 (30 days).' }),
          }),
        }),
      }),
    },
    resolve: (_root, { input }, context) => context.services.apiKeys.rotate(context, input),
  }),
);

builder.mutationField('updateApiKey', (t) =>
  t.field({
    type: keySuccess('UpdateApiKeySuccess'),
    nullable: true,
    description: 'Changes what is given and leaves the rest.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError, KeyNotActiveError] },
    args: {
      input: t.arg({
        type: builder.inputType('UpdateApiKeyInput', {
          fields: (f) => ({
            id: f.id(),
            name: f.string({ required: false }),
            scopes: f.stringList({ required: false, description: scopesDescription }),
            rateLimitPerMinute: f.int({
              required: false,
              description: '1 to 1,000,000; null takes the limit away.',
            }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      apiKey: await context.services.apiKeys.update(context, input),
    }),
  }),
);

builder.mutationField('revokeApiKey', (t) =>
  t.field({
    type: keySuccess('RevokeApiKeySuccess'),
    nullable: true,
    description: 'Ends a key at once, for good. A key that is revoked already stays as it is.',
    authScopes: { user: true },
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('RevokeApiKeyInput', { fields: (f) => ({ id: f.id() }) }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      apiKey: await context.services.apiKeys.revoke(context, input.id),
    }),
  }),
);
