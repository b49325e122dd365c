import { z } from 'zod';

import type { Project, SchemaVersion } from '#prisma';
import { hazards } from '../../engine/migrations.ts';
import type { EffectiveRights } from '../../engine/schema.ts';
import type { RightsReader, SchemaPlanner } from '../../data-plane/schema.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { Action } from '../access/actions.ts';
import type { Principal } from '../access/viewer.ts';
import type { Db } from '../../platform/db/database.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import { errors } from '../errors/errors.ts';
import { parseInput } from '../validation/input.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { requireProject } from '../projects/projects.service.ts';
import { schemaErrors } from './schema-errors.ts';
import { applySchema } from './apply-schema.ts';
import { planFromCurrent } from './plan-schema.ts';
import { schemaPlan, type SchemaPlan } from './schema-plan.ts';
import { findCurrentVersion, type SchemaVersionRecord } from './schema-version.ts';
import { rateLimits } from '../rate-limits.ts';

export interface SchemasService {
  /**
   * Plans the migration of the project's tables to the given SDL. Changes nothing.
   * @throws NotFoundError, ValidationError, InvalidSchemaError
   * @throws RequestError `RATE_LIMITED`
   */
  plan(caller: Principal, input: PlanSchema, limiter: RateLimiter): Promise<SchemaPlan>;
  /**
   * Applies the plan. If the SDL is already the current one, returns the current version without creating a new one.
   * @throws NotFoundError, ValidationError, InvalidSchemaError, StalePlanError, HazardNotAcceptedError,
   *   SchemaNotAppliedError
   * @throws RequestError `RATE_LIMITED`
   */
  apply(caller: Principal, input: ApplySchema, limiter: RateLimiter): Promise<SchemaVersionRecord>;
  /**
   * Describes what callers with access rules can do with an SDL.
   * @throws NotFoundError, ValidationError, InvalidSchemaError
   * @throws RequestError `RATE_LIMITED`
   */
  rights(caller: Principal, input: PlanSchema, limiter: RateLimiter): Promise<EffectiveRights>;
  /** The current version. Null if no schema has been applied yet. */
  currentOf(project: Pick<Project, 'id'>): Promise<SchemaVersion | null>;
  sdlOf(version: Pick<SchemaVersionRecord, 'id'>): Promise<string>;
  /** The plan that was shown when the version was applied. */
  planOf(version: Pick<SchemaVersionRecord, 'id'>): Promise<SchemaPlan>;
}

// PostgreSQL cannot store these characters. The engine checks the length and reports a diagnostic.
const unkeepable = /\0|\p{Surrogate}/u;

const planInput = z.object({
  sdl: z
    .string()
    .refine(
      (text) => !unkeepable.test(text),
      'The SDL must not contain NUL characters or unpaired surrogates.',
    ),
});
const applyInput = planInput.extend({
  planHash: z.string(),
  acceptHazards: z
    .array(z.enum(hazards))
    .max(20)
    .nullish()
    .transform((given) => given ?? []),
});

export type PlanSchema = z.input<typeof planInput> & { readonly projectRef: string };
export type ApplySchema = z.input<typeof applyInput> & { readonly projectRef: string };

/**
 * Enforces the rate limits for planning, which can take a hundred milliseconds of CPU time. They also cover applying a
 * schema, because it is planned again then.
 */
async function limitPlans(
  limiter: RateLimiter,
  caller: Principal,
  project: Project,
): Promise<void> {
  await enforceLimit(limiter, rateLimits.planPerCaller, identityOf(caller));
  await enforceLimit(limiter, rateLimits.planPerProject, project.id);
}

function identityOf({ viewer }: Principal): string {
  switch (viewer.kind) {
    case 'user':
      return viewer.userId;
    case 'apiKey':
      return viewer.keyId;
    case 'anonymous':
      throw errors.unauthenticated();
    default:
      return assertNever(viewer);
  }
}

interface SchemasDependencies {
  readonly db: Db;
  /** These connections migrate projects' tables, which can take a long time. */
  readonly schemaDb: Db;
  readonly audit: AuditService;
  readonly planSchema: SchemaPlanner;
  readonly readRights: RightsReader;
}

export function createSchemasService(dependencies: SchemasDependencies): SchemasService {
  const { db, readRights } = dependencies;
  const authorize = (caller: Principal, ref: string, action: Action): Promise<Project> =>
    db.$transaction((tx) => requireProject(tx, caller, { ref, action }));
  return {
    async plan(caller, { projectRef, ...input }, limiter) {
      const project = await authorize(caller, projectRef, 'schema:plan');
      await limitPlans(limiter, caller, project);
      const { sdl } = parseInput(planInput, input);
      return (await planFromCurrent(dependencies, project, sdl)).shown;
    },

    async apply(caller, { projectRef, ...input }, limiter) {
      const project = await authorize(caller, projectRef, 'schema:apply');
      await limitPlans(limiter, caller, project);
      const { sdl, ...rest } = parseInput(applyInput, input);
      return applySchema(dependencies, caller, { project, sdl, ...rest });
    },

    async rights(caller, { projectRef, ...input }, limiter) {
      const project = await authorize(caller, projectRef, 'schema:read');
      await enforceLimit(limiter, rateLimits.rightsPerCaller, identityOf(caller));
      await enforceLimit(limiter, rateLimits.rightsPerProject, project.id);
      const { sdl } = parseInput(planInput, input);
      const read = await readRights(project.ref, sdl);
      if (!read.ok) throw schemaErrors.invalidSchema(read.diagnostics);
      return read.rights;
    },

    currentOf: (project) => findCurrentVersion(db, project.id),

    async sdlOf({ id }) {
      const select = { sdl: true };
      return (await db.schemaVersion.findUniqueOrThrow({ where: { id }, select })).sdl;
    },

    async planOf({ id }) {
      const select = { plan: true };
      const { plan } = await db.schemaVersion.findUniqueOrThrow({ where: { id }, select });
      return schemaPlan.parse(plan);
    },
  };
}
