import { actionsOf } from '../access/actions.ts';
import {
  ConfirmationMismatchError,
  LimitReachedError,
  NotFoundError,
  SlugTakenError,
  ValidationError,
} from '../errors/expected-error.ts';
import type { Organization } from '#prisma';
import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { slug as slugSchema } from '../slugs.ts';
import { Role } from '../access/role.graphql.ts';
import type { OrganizationsService } from './organizations.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly organizations: OrganizationsService;
  }
}

const OrganizationType = builder.prismaObject('Organization', {
  description: 'A tenant. Its members share its projects.',
  authScopes: (organization) => ({
    organization: { id: organization.id, action: 'organization:read' },
    $granted: 'justDeleted',
  }),
  fields: (t) => ({
    id: t.exposeID('id'),
    slug: t.exposeString('slug', {
      description: "Unique among all organizations. Part of the organization's console URLs.",
    }),
    name: t.exposeString('name'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    viewerRole: t.field({
      type: Role,
      nullable: true,
      description: "The viewer's role in the organization.",
      resolve: (organization, _args, { access }) => access.roleIn(organization.id),
    }),
    viewerCan: t.stringList({
      description:
        'The actions that the viewer can perform in the organization, for example `apiKey:create`.',
      resolve: async (organization, _args, { access }) => {
        const role = await access.roleIn(organization.id);
        return role === null ? [] : [...actionsOf(role)];
      },
    }),
  }),
});

builder.queryField('organization', (t) =>
  t.prismaField({
    type: 'Organization',
    nullable: true,
    description:
      'The organization with this slug. Null if it does not exist or the viewer is not a member.',
    authScopes: { user: true },
    args: { slug: t.arg.string() },
    resolve: async (query, _root, { slug }, { db, viewer }) => {
      if (viewer.kind !== 'user' || !slugSchema.safeParse(slug).success) return null;
      return db.organization.findFirst({
        ...query,
        where: { slug, memberships: { some: { userId: viewer.userId } } },
      });
    },
  }),
);

builder.prismaObjectField('User', 'organizations', (t) =>
  t.connection({
    type: OrganizationType,
    description: 'The organizations that the user is a member of, oldest first.',
    authScopes: (user) => ({ self: user.id }),
    resolve: (user, args, { db }) => {
      const where = { memberships: { some: { userId: user.id } } };
      return keysetConnection({
        args,
        order: 'oldest first',
        count: () => db.organization.count({ where }),
        page: ({ where: after, ...page }) =>
          db.organization.findMany({ where: { AND: [where, after] }, ...page }),
      });
    },
  }),
);

/** The payload `{ organization }` of the three mutations below. */
const organizationSuccess = (name: string, grantScopes: 'justDeleted'[] = []) =>
  builder.objectRef<{ organization: Organization }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      organization: t.field({
        type: OrganizationType,
        grantScopes,
        resolve: (success) => success.organization,
      }),
    }),
  });

builder.mutationField('createOrganization', (t) =>
  t.field({
    type: organizationSuccess('CreateOrganizationSuccess'),
    nullable: true,
    description: 'Creates an organization. The caller becomes its first owner.',
    authScopes: { user: true },
    errors: { types: [ValidationError, SlugTakenError, LimitReachedError] },
    args: {
      input: t.arg({
        type: builder.inputType('CreateOrganizationInput', {
          fields: (f) => ({
            name: f.string(),
            slug: f.string({ required: false, description: 'Generated from the name if omitted.' }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      organization: await context.services.organizations.create(context, input),
    }),
  }),
);

builder.mutationField('updateOrganization', (t) =>
  t.field({
    type: organizationSuccess('UpdateOrganizationSuccess'),
    nullable: true,
    description: 'Updates the given fields and leaves the others unchanged.',
    authScopes: { user: true },
    errors: { types: [ValidationError, SlugTakenError, NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('UpdateOrganizationInput', {
          fields: (f) => ({
            id: f.id(),
            name: f.string({ required: false }),
            slug: f.string({ required: false }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      organization: await context.services.organizations.update(context, input),
    }),
  }),
);

builder.mutationField('deleteOrganization', (t) =>
  t.field({
    // The organization no longer has members, but the user who deleted it can still read its last state.
    type: organizationSuccess('DeleteOrganizationSuccess', ['justDeleted']),
    nullable: true,
    description:
      'Permanently deletes an organization, including its projects and their data and keys.',
    authScopes: { user: true },
    errors: { types: [NotFoundError, ConfirmationMismatchError] },
    args: {
      input: t.arg({
        type: builder.inputType('DeleteOrganizationInput', {
          fields: (f) => ({
            id: f.id(),
            name: f.string({
              required: false,
              description: "The organization's name, as a confirmation. If given, it must match.",
            }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      organization: await context.services.organizations.delete(context, input),
    }),
  }),
);
