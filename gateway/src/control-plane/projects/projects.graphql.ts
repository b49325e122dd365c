import type { Project } from '#prisma';
import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { allActions } from '../access/actions.ts';
import {
  ConfirmationMismatchError,
  LimitReachedError,
  NotFoundError,
  SlugTakenError,
  ValidationError,
} from '../errors/expected-error.ts';
import type { ProjectsService } from './projects.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly projects: ProjectsService;
  }
}

// Its fields read the row that they are given and load relations on their own, since that row may
// come from the verified-key cache and never from a query that Pothos planned: no `t.relation` here.
const ProjectType = builder.prismaObject('Project', {
  description: 'A data model with its own API, its own tables and its own keys.',
  authScopes: (project) => ({
    project: { project, action: 'project:read' },
    $granted: 'justDeleted',
  }),
  fields: (t) => ({
    id: t.exposeID('id'),
    ref: t.exposeString('ref', {
      description: "The project's address: 16 letters and digits that no other project ever has.",
    }),
    name: t.exposeString('name'),
    slug: t.exposeString('slug', {
      description: 'Unique in the organization; part of console addresses.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    endpoint: t.string({
      description: "Where the project's own GraphQL API answers.",
      resolve: (project, _args, { services }) => services.projects.endpointOf(project),
    }),
    organization: t.prismaField({
      type: 'Organization',
      description: 'The organization that it belongs to. Not for API keys.',
      authScopes: ({ organizationId }) => ({
        organization: { id: organizationId, action: 'organization:read' },
      }),
      resolve: (query, { organizationId }, _args, { db }) =>
        db.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } }),
    }),
    viewerCan: t.stringList({
      description: 'Every action that the viewer may take on it, such as `apiKey:create`.',
      resolve: async (project, _args, { access }) => {
        const allowed = await Promise.all(
          allActions.map((action) => access.mayOnProject(project, action)),
        );
        return allActions.filter((_action, index) => allowed[index]);
      },
    }),
  }),
});

builder.queryField('project', (t) =>
  t.field({
    type: ProjectType,
    nullable: true,
    description:
      "A project of one of the viewer's organizations, or the API key's own; null for any other.",
    authScopes: (_root, _args, { viewer }) => viewer.kind !== 'anonymous',
    args: { ref: t.arg.id() },
    resolve: (_root, { ref }, { services, viewer }) => services.projects.find(viewer, ref),
  }),
);

builder.prismaObjectField('Organization', 'projects', (t) =>
  t.connection({
    type: ProjectType,
    description: "The organization's projects, oldest first.",
    authScopes: ({ id }) => ({ organization: { id, action: 'project:read' } }),
    resolve: ({ id: organizationId }, args, { db }) =>
      keysetConnection({
        args,
        order: 'oldest first',
        count: () => db.project.count({ where: { organizationId } }),
        page: ({ where: after, ...page }) =>
          db.project.findMany({ where: { AND: [{ organizationId }, after] }, ...page }),
      }),
  }),
);

/** `{ project }`, which is what the three mutations below show. */
const projectSuccess = (name: string, grantScopes: 'justDeleted'[] = []) =>
  builder.objectRef<{ project: Project }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      project: t.field({
        type: ProjectType,
        grantScopes,
        resolve: (success) => success.project,
      }),
    }),
  });

builder.mutationField('createProject', (t) =>
  t.field({
    type: projectSuccess('CreateProjectSuccess'),
    nullable: true,
    description: 'Makes a project in an organization.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError, SlugTakenError, LimitReachedError] },
    args: {
      input: t.arg({
        type: builder.inputType('CreateProjectInput', {
          fields: (f) => ({
            organizationId: f.id(),
            name: f.string(),
            slug: f.string({ required: false, description: 'Made from the name if left out.' }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      project: await context.services.projects.create(context, input),
    }),
  }),
);

builder.mutationField('updateProject', (t) =>
  t.field({
    type: projectSuccess('UpdateProjectSuccess'),
    nullable: true,
    description: 'Changes what is given and leaves the rest. The ref never changes.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError, SlugTakenError] },
    args: {
      input: t.arg({
        type: builder.inputType('UpdateProjectInput', {
          fields: (f) => ({
            projectRef: f.id(),
            name: f.string({ required: false }),
            slug: f.string({ required: false }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      project: await context.services.projects.update(context, input),
    }),
  }),
);

builder.mutationField('deleteProject', (t) =>
  t.field({
    // It is nobody's any more by the time it is shown; who deleted it may still see what it was.
    type: projectSuccess('DeleteProjectSuccess', ['justDeleted']),
    nullable: true,
    description: 'Deletes a project with its data and its keys, for good.',
    authScopes: { user: true },
    errors: { types: [NotFoundError, ConfirmationMismatchError] },
    args: {
      input: t.arg({
        type: builder.inputType('DeleteProjectInput', {
          fields: (f) => ({
            projectRef: f.id(),
            name: f.string({ description: "The project's name, typed again." }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      project: await context.services.projects.delete(context, input),
    }),
  }),
);
