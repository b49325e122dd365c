import type { Project, SchemaVersion } from '#prisma';
import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { limiterOf } from '../graphql/field-limits.ts';
import { NotFoundError, ValidationError } from '../errors/expected-error.ts';
import {
  HazardNotAcceptedError,
  InvalidSchemaError,
  SchemaNotAppliedError,
  StalePlanError,
} from './schema-errors.ts';
import type { SchemaPlan } from './schema-plan.ts';
import { HazardType, SchemaAuthor, SchemaPlanType } from './schema-types.graphql.ts';
import { withoutContent, type SchemaVersionRecord } from './schema-version.ts';
import type { SchemasService } from './schemas.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly schemas: SchemasService;
  }
}

const SchemaVersionType = builder.objectRef<SchemaVersionRecord>('SchemaVersion').implement({
  description: 'A schema that was applied to a project. Versions are immutable.',
  authScopes: ({ project }) => ({ project: { project, action: 'schema:read' } }),
  fields: (t) => ({
    id: t.exposeID('id'),
    number: t.exposeInt('number', {
      description: 'The version number. Numbers start at 1 and have no gaps.',
    }),
    sdl: t.string({
      description: 'The SDL of this version. To return to this version, apply its SDL again.',
      resolve: (version, _args, { services }) => services.schemas.sdlOf(version),
    }),
    appliedAt: t.expose('appliedAt', { type: 'DateTime' }),
    appliedBy: t.field({ type: SchemaAuthor, resolve: (version) => version }),
    plan: t.field({
      type: SchemaPlanType,
      description: 'The migration plan that was accepted.',
      resolve: (version, _args, { services }) => services.schemas.planOf(version),
    }),
  }),
});

const ProjectSchema = builder
  .objectRef<SchemaVersion & { readonly project: Project }>('ProjectSchema')
  .implement({
    description: "A project's current schema.",
    authScopes: { viaParent: true },
    fields: (t) => ({
      sdl: t.exposeString('sdl'),
      version: t.exposeInt('number', { description: "The schema's version number." }),
      appliedAt: t.expose('appliedAt', { type: 'DateTime' }),
      appliedBy: t.field({ type: SchemaAuthor, resolve: (schema) => schema }),
    }),
  });

builder.prismaObjectField('Project', 'schema', (t) =>
  t.field({
    type: ProjectSchema,
    nullable: true,
    description: 'The current schema. Null if no schema has been applied yet.',
    authScopes: (project) => ({ project: { project, action: 'schema:read' } }),
    resolve: async (project, _args, { services }) => {
      const version = await services.schemas.currentOf(project);
      return version && { ...version, project };
    },
  }),
);

builder.prismaObjectField('Project', 'schemaVersions', (t) =>
  t.connection({
    type: SchemaVersionType,
    description: 'All applied schemas, newest first.',
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
      "Shows how applying a schema would change a project's tables and data, without changing anything. Also available to keys with `schema.read` or `schema.apply`.",
    authScopes: (_root, _args, { viewer }) => viewer.kind !== 'anonymous',
    errors: { types: [ValidationError, NotFoundError, InvalidSchemaError] },
    args: {
      input: t.arg({
        type: builder.inputType('PlanSchemaInput', {
          fields: (f) => ({ projectRef: f.id(), sdl: f.string() }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      return { plan: await context.services.schemas.plan(context, args.input, limiter) };
    },
  }),
);

builder.mutationField('applySchema', (t) =>
  t.field({
    type: ApplySchemaSuccess,
    nullable: true,
    description:
      'Applies a plan in one transaction: either completely or not at all. Applying the current SDL again creates no new version. Also available to keys with `schema.apply`.',
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
            planHash: f.string({ description: 'The hash of the plan that was reviewed.' }),
            acceptHazards: f.field({
              type: [HazardType],
              required: false,
              description:
                "The hazards to accept. Must include all of the plan's hazards. Otherwise, the plan is not applied.",
            }),
          }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      return {
        schemaVersion: await context.services.schemas.apply(context, args.input, limiter),
      };
    },
  }),
);
