import type { Project, SchemaVersion } from '#prisma';
import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { NotFoundError, ValidationError } from '../errors/expected-error.ts';
import {
  HazardNotAcceptedError,
  InvalidSchemaError,
  SchemaNotAppliedError,
  StalePlanError,
} from './schema-errors.ts';
import type { SchemaPlan } from './schema-plan.ts';
import { HazardType, SchemaAuthor, SchemaPlanType } from './schema-types.graphql.ts';
import { findCurrentVersion, withoutContent, type SchemaVersionRecord } from './schema-version.ts';
import type { SchemasService } from './schemas.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly schemas: SchemasService;
  }
}

const SchemaVersionType = builder.objectRef<SchemaVersionRecord>('SchemaVersion').implement({
  description: "A project's schema as it was applied. It never changes.",
  authScopes: ({ project }) => ({ project: { project, action: 'schema:read' } }),
  fields: (t) => ({
    id: t.exposeID('id'),
    number: t.exposeInt('number', { description: 'From 1, without gaps.' }),
    sdl: t.string({
      description: 'Apply it again to go back to it.',
      resolve: (version, _args, { services }) => services.schemas.sdlOf(version),
    }),
    appliedAt: t.expose('appliedAt', { type: 'DateTime' }),
    appliedBy: t.field({ type: SchemaAuthor, resolve: (version) => version }),
    plan: t.field({
      type: SchemaPlanType,
      description: 'As it was accepted.',
      resolve: (version, _args, { services }) => services.schemas.planOf(version),
    }),
  }),
});

const ProjectSchema = builder
  .objectRef<SchemaVersion & { readonly project: Project }>('ProjectSchema')
  .implement({
    description: "The schema that a project's tables are of.",
    authScopes: { viaParent: true },
    fields: (t) => ({
      sdl: t.exposeString('sdl'),
      version: t.exposeInt('number', { description: "Its version's number." }),
      appliedAt: t.expose('appliedAt', { type: 'DateTime' }),
      appliedBy: t.field({ type: SchemaAuthor, resolve: (schema) => schema }),
    }),
  });

builder.prismaObjectField('Project', 'schema', (t) =>
  t.field({
    type: ProjectSchema,
    nullable: true,
    description: 'What is applied; null before the first time.',
    authScopes: (project) => ({ project: { project, action: 'schema:read' } }),
    resolve: async (project, _args, { db }) => {
      const version = await findCurrentVersion(db, project.id);
      return version && { ...version, project };
    },
  }),
);

builder.prismaObjectField('Project', 'schemaVersions', (t) =>
  t.connection({
    type: SchemaVersionType,
    description: 'Every schema that was applied, newest first.',
    authScopes: (project) => ({ project: { project, action: 'schema:read' } }),
    resolve: (project, args, { db }) => {
      const ofProject = { projectId: project.id };
      return keysetConnection({
        args,
        order: 'newest first',
        count: () => db.schemaVersion.count({ where: ofProject }),
        page: async ({ where: after, ...page }) => {
          const versions = await db.schemaVersion.findMany({
            where: { AND: [ofProject, after] },
            omit: withoutContent,
            ...page,
          });
          return versions.map((version): SchemaVersionRecord => ({ ...version, project }));
        },
      });
    },
  }),
);

const PlanSchemaSuccess = builder.objectRef<{ plan: SchemaPlan }>('PlanSchemaSuccess').implement({
  authScopes: { viaParent: true },
  fields: (t) => ({ plan: t.expose('plan', { type: SchemaPlanType }) }),
});

const ApplySchemaSuccess = builder
  .objectRef<{ schemaVersion: SchemaVersionRecord }>('ApplySchemaSuccess')
  .implement({
    authScopes: { viaParent: true },
    fields: (t) => ({ schemaVersion: t.expose('schemaVersion', { type: SchemaVersionType }) }),
  });

builder.mutationField('planSchema', (t) =>
  t.field({
    type: PlanSchemaSuccess,
    nullable: true,
    description:
      "Says what applying an SDL would do to a project's tables and the data in them. Changes nothing. Also for keys with `schema.read` or `schema.apply`.",
    authScopes: (_root, _args, { viewer }) => viewer.kind !== 'anonymous',
    errors: { types: [ValidationError, NotFoundError, InvalidSchemaError] },
    args: {
      input: t.arg({
        type: builder.inputType('PlanSchemaInput', {
          fields: (f) => ({ projectRef: f.id(), sdl: f.string() }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      plan: await context.services.schemas.plan(context, input),
    }),
  }),
);

builder.mutationField('applySchema', (t) =>
  t.field({
    type: ApplySchemaSuccess,
    nullable: true,
    description:
      'Carries out a plan, in one transaction: all of it, or nothing. An SDL that is applied already makes no new version. Also for keys with `schema.apply`.',
    authScopes: (_root, _args, { viewer }) => viewer.kind !== 'anonymous',
    errors: {
      types: [
        ValidationError,
        NotFoundError,
        InvalidSchemaError,
        StalePlanError,
        HazardNotAcceptedError,
        SchemaNotAppliedError,
      ],
    },
    args: {
      input: t.arg({
        type: builder.inputType('ApplySchemaInput', {
          fields: (f) => ({
            projectRef: f.id(),
            sdl: f.string(),
            planHash: f.string({ description: 'The hash of the plan that was read.' }),
            acceptHazards: f.field({
              type: [HazardType],
              required: false,
              description: "All of the plan's hazards, or it is not applied.",
            }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      schemaVersion: await context.services.schemas.apply(context, input),
    }),
  }),
);
