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
    SECRET: { description: 'For servers, which can keep a secret. Access rules do not apply.' },
    PUBLISHABLE: {
      description:
        "For apps that run on users' devices. Everyone can read the key, so the schema's access rules decide what its callers can do.",
    },
  } as const,
});

const ApiKeyType = builder.objectRef<ApiKeyRecord>('ApiKey').implement({
  description:
    "A credential that a program uses to call a project's API. A secret key is shown only once, when it is created.",
  authScopes: (key) => ({
    ownKey: key.id,
    project: { project: key.project, action: 'apiKey:read' },
  }),
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    kind: t.field({ type: ApiKeyKind, resolve: (key) => key.kind }),
    prefix: t.exposeString('prefix', { description: 'The first characters of the key.' }),
    lastFour: t.exposeString('lastFour', { description: 'The last characters of the key.' }),
    publishableKey: t.exposeString('publishableKey', {
      nullable: true,
      description: 'The complete key if it is publishable. Null for secret keys.',
    }),
    scopes: t.exposeStringList('scopes', {
      description:
        "The key's scopes, for example `data.read`, `data.write:Issue` or `schema.apply`.",
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was last used, to within about a minute.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    rateLimitPerMinute: t.exposeInt('rateLimitPerMinute', {
      nullable: true,
      description:
        "The key's rate limit in units per minute. Most requests cost one unit. A secret key has one limit for all its requests. The limit of a publishable key applies to each user, and without a user to each client address. Null if no limit is set for the key.",
    }),
    usage: t.field({
      type: [UsageDayType],
      description: usageDescription('The number of requests made with the key to either API'),
      args: { days: t.arg.int({ defaultValue: 30 }) },
      resolve: ({ id }, { days }, { services }) => services.usage.ofKey(id, days),
    }),
    createdBy: t.prismaField({
      type: 'User',
      nullable: true,
      description:
        'The user who created the key. Null if the account was deleted. Always null in requests that are authenticated with this key.',
      authScopes: (key) => ({ project: { project: key.project, action: 'member:read' } }),
      resolve: (query, { createdById }, _args, { db }) =>
        createdById === null ? null : db.user.findUnique({ ...query, where: { id: createdById } }),
    }),
    replacedById: t.id({
      nullable: true,
      description:
        'The key that replaced this one when it was rotated. A key can be rotated only once. Always null in requests that are authenticated with this key.',
      authScopes: (key) => ({ project: { project: key.project, action: 'apiKey:read' } }),
      resolve: async ({ id }, _args, { db }) => {
        // Prisma batches these lookups for all keys on a page.
        const where = { rotatedFromId: id };
        const successor = await db.apiKey.findUnique({ where, select: { id: true } });
        return successor?.id ?? null;
      },
    }),
    project: t.prismaField({
      type: 'Project',
      description: 'The project that the key gives access to.',
      // The project is already loaded, so a request that is authenticated with a key needs no query.
      resolve: (_query, key) => key.project,
    }),
  }),
});

builder.queryField('currentApiKey', (t) =>
  t.field({
    type: ApiKeyType,
    nullable: true,
    description:
      'The API key that authenticates this request. Null if the request does not use a key.',
    authScopes: { public: true },
    resolve: (_root, _args, { viewer, services }) =>
      viewer.kind === 'apiKey' ? services.apiKeys.current(viewer) : null,
  }),
);

builder.prismaObjectField('Project', 'apiKeys', (t) =>
  t.connection({
    type: ApiKeyType,
    description: "The project's keys, newest first, including revoked and expired ones.",
    authScopes: (project) => ({ project: { project, action: 'apiKey:read' } }),
    args: {
      active: t.arg.boolean({
        required: false,
        description:
          'If true, returns only active keys. If false, returns only revoked and expired keys.',
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

/** The payload `{ apiKey secret }`. The text of a secret key is not returned anywhere else. */
const newKeySuccess = (name: string) =>
  builder.objectRef<NewApiKey>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      apiKey: t.expose('apiKey', { type: ApiKeyType }),
      secret: t.exposeString('secret', {
        description:
          'The key itself. Store a secret key now: it is shown only once and cannot be retrieved later. A publishable key can be read again from `ApiKey.publishableKey`.',
      }),
    }),
  });

const keySuccess = (name: string) =>
  builder.objectRef<{ apiKey: ApiKeyRecord }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({ apiKey: t.expose('apiKey', { type: ApiKeyType }) }),
  });

const scopesDescription =
  '1 to 100 scopes: `data.read`, `data.write`, `schema.read` or `schema.apply`. A data scope can name a model, as in `data.read:Issue`. A publishable key cannot have `schema.apply`, and its scopes only narrow what the access rules allow.';

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: newKeySuccess('CreateApiKeySuccess'),
    nullable: true,
    description: 'Creates an API key for a project.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError, LimitReachedError] },
    args: {
      input: t.arg({
        type: builder.inputType('CreateApiKeyInput', {
          fields: (f) => ({
            projectRef: f.id(),
            name: f.string(),
            kind: f.field({ type: ApiKeyKind, required: false, defaultValue: 'SECRET' }),
            scopes: f.stringList({
              required: false,
              description: `${scopesDescription} Required for a secret key. A publishable key has \`data.read\` and \`data.write\` if omitted.`,
            }),
            expiresAt: f.field({ type: 'DateTime', required: false }),
            rateLimitPerMinute: f.int({ required: false, description: 'From 1 to 1,000,000.' }),
          }),
        }),
      }),
    },
    resolve: (_root, { input }, context) =>
      context.services.apiKeys.create(context, { ...input, kind: input.kind ?? 'SECRET' }),
  }),
);

builder.mutationField('rotateApiKey', (t) =>
  t.field({
    type: newKeySuccess('RotateApiKeySuccess'),
    nullable: true,
    description:
      'Creates a replacement for a key, with the same name, scopes, rate limit and expiry. The old key works until the overlap ends. A key can be rotated only once.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError, KeyNotActiveError, LimitReachedError] },
    args: {
      input: t.arg({
        type: builder.inputType('RotateApiKeyInput', {
          fields: (f) => ({
            id: f.id(),
            overlapSeconds: f.int({ description: 'From 0 to 2,592,000 (30 days).' }),
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
    description: 'Updates the given fields and leaves the others unchanged.',
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
              description: 'From 1 to 1,000,000. Null removes the limit.',
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
    description:
      'Revokes a key immediately and permanently. Does nothing if the key is already revoked.',
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
