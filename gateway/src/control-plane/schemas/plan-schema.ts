import type { Project, SchemaVersion } from '#prisma';
import {
  countHazards,
  countPublicRows,
  SchemaChangeError,
  type SchemaPlanner,
} from '../../data-plane/schema.ts';
import { projectNames, type MigrationPlan } from '../../engine/migrations.ts';
import type { UserSchema } from '../../engine/schema.ts';
import type { Db } from '../../platform/db/database.ts';
import { clientOf } from '../../platform/db/sql-client.ts';
import { errors } from '../errors/errors.ts';
import { explainSchemaFailure } from './explain-schema-failure.ts';
import { findTrustedIssuers } from '../project-settings/project-settings.service.ts';
import { schemaErrors } from './schema-errors.ts';
import { findHistory, noSchemaHistory } from './schema-history.ts';
import { toSchemaPlan, type CountedStep, type SchemaPlan } from './schema-plan.ts';
import { findCurrentNumber, findCurrentVersion } from './schema-version.ts';

/**
 * A migration plan from the current version. `plan` is the plan to apply, and `shown` is the plan as clients see it.
 */
export interface CurrentPlan {
  readonly current: SchemaVersion | null;
  readonly plan: MigrationPlan;
  readonly shown: SchemaPlan;
  /** Of the next schema. */
  readonly users: UserSchema;
}

const maxAttempts = 3;

export interface SchemaPlanning {
  readonly schemaDb: Db;
  readonly planSchema: SchemaPlanner;
}

/**
 * Plans the migration of a project's tables to an SDL, and counts the affected rows in the live data. Changes nothing,
 * and takes no locks that block other statements.
 * @throws InvalidSchemaError if the SDL has errors
 * @throws RequestError `SCHEMA_LOCKED`, `TIMEOUT`, `CONFLICT`, `OVERLOADED`
 */
export async function planFromCurrent(
  { schemaDb, planSchema }: SchemaPlanning,
  project: Project,
  sdl: string,
): Promise<CurrentPlan> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const current = await findCurrentVersion(schemaDb, project.id);
    const baseVersion = current?.number ?? 0;
    const planned = await planSchema({
      current: current?.sdl ?? null,
      next: sdl,
      names: projectNames(project.ref),
      baseVersion,
      history: current === null ? noSchemaHistory : await findHistory(schemaDb, current, sdl),
      issuers: await findTrustedIssuers(schemaDb, project.id),
    });
    if (!planned.ok) throw schemaErrors.invalidSchema(planned.diagnostics);
    const { plan, users } = planned;
    try {
      const shown = toSchemaPlan(plan, await countOnLiveData(schemaDb, plan));
      return { current, plan, shown, users };
    } catch (error) {
      // The tables may have changed during the count.
      const hasChanged =
        error instanceof SchemaChangeError &&
        error.code === 'FAILED' &&
        (await findCurrentNumber(schemaDb, project.id)) !== baseVersion;
      if (!hasChanged) throw explainSchemaFailure(error, null);
    }
  }
  throw errors.conflict();
}

const countingTimeouts = { maxWait: 2_000, timeout: 30_000 };

async function countOnLiveData(schemaDb: Db, plan: MigrationPlan): Promise<readonly CountedStep[]> {
  const isCounted = ({ count, tooLong, publicRows }: MigrationPlan['steps'][number]) =>
    count !== null || tooLong !== null || publicRows !== null;
  if (!plan.steps.some(isCounted)) {
    return plan.steps.map(({ hazard }) => ({
      hazard,
      rows: null,
      certain: false,
      publicRows: null,
    }));
  }
  return schemaDb.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL statement_timeout = '10s'`;
    await tx.$executeRaw`SET LOCAL lock_timeout = '2s'`;
    const hazards = await countHazards(clientOf(tx), plan);
    const publicRows = await countPublicRows(clientOf(tx), plan);
    return hazards.map((hazard, index) => ({ ...hazard, publicRows: publicRows[index] ?? null }));
  }, countingTimeouts);
}
