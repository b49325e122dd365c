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

// The fields do not use `t.relation`, because the row may come from the cache of verified keys instead of a query that
// Pothos planned.
const ProjectType = builder.prismaObject('Project', {
  description: 'A data model with its own API, tables and keys.',
  authScopes: (project) => ({
    project: { project, action: 'project:read' },
    $granted: 'justDeleted',
  }),
  fields: (t) => ({
    id: t.exposeID('id'),
    ref: t.exposeString('ref', {
      description:
        "The project's permanent identifier in URLs: 16 letters and digits. It is never reused.",
    }),
    name: t.exposeString('name'),
    slug: t.exposeString('slug', {
      description: "Unique in the organization. Part of the project's console URLs.",
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    endpoint: t.string({
      description: "The URL of the project's own GraphQL API.",
      resolve: (project, _args, { services }) => services.projects.endpointOf(project),
    }),
    organization: t.prismaField({
      type: 'Organization',
      description: 'The organization that the project belongs to. Not available to API keys.',
      authScopes: ({ organizationId }) => ({
        organization: { id: organizationId, action: 'organization:read' },
      }),
      resolve: (query, { organizationId }, _args, { db }) =>
        db.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } }),
    }),
    viewerCan: t.stringList({
      description:
        'The actions that the viewer can perform on the project, for example `apiKey:create`.',
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
      'The project with this ref. Null if it does not exist or the viewer does not have access to it.',
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

/** The payload `{ project }` of the three mutations below. */
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
    description: 'Creates a project in an organization.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError, SlugTakenError, LimitReachedError] },
    args: {
      input: t.arg({
        type: builder.inputType('CreateProjectInput', {
          fields: (f) => ({
            organizationId: f.id(),
            name: f.string(),
            slug: f.string({ required: false, description: 'Generated from the name if omitted.' }),
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
    description:
      'Updates the given fields and leaves the others unchanged. The ref cannot be changed.',
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
    // The project no longer belongs to an organization, but the user who deleted it can still read its last state.
    type: projectSuccess('DeleteProjectSuccess', ['justDeleted']),
    nullable: true,
    description: 'Permanently deletes a project, including its data and keys.',
    authScopes: { user: true },
    errors: { types: [NotFoundError, ConfirmationMismatchError] },
    args: {
      input: t.arg({
        type: builder.inputType('DeleteProjectInput', {
          fields: (f) => ({
            projectRef: f.id(),
            name: f.string({ description: "The project's name, as a confirmation." }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      project: await context.services.projects.delete(context, input),
    }),
  }),
);
