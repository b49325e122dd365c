import type { Project, SchemaVersion } from '#prisma';
import { countHazards } from '../../data-plane/schema/count-hazards.ts';
import { SchemaChangeError } from '../../data-plane/schema/schema-change-error.ts';
import { modelOf } from '../../data-plane/projects/version-models.ts';
import { planMigration, projectNames, type MigrationPlan } from '../../engine/migrations.ts';
import type { Model } from '../../engine/schema.ts';
import type { Db } from '../../platform/db/database.ts';
import { clientOf } from '../../platform/db/sql-client.ts';
import { errors } from '../errors/errors.ts';
import { explainSchemaFailure } from './explain-schema-failure.ts';
import { toSchemaPlan, type SchemaPlan } from './schema-plan.ts';
import { findCurrentNumber, findCurrentVersion } from './schema-version.ts';

/** A plan from the version that is applied, as the engine carries it out and as people read it. */
export interface DrawnPlan {
  readonly current: SchemaVersion | null;
  readonly plan: MigrationPlan;
  readonly shown: SchemaPlan;
}

const maxAttempts = 3;

/**
 * Plans the way from a project's tables as they are to a model, and counts on the live data what it would
 * meet. Changes nothing and holds nobody up.
 * @throws RequestError `SCHEMA_LOCKED`, `TIMEOUT`, `CONFLICT`
 */
export async function drawPlan(schemaDb: Db, project: Project, next: Model): Promise<DrawnPlan> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const current = await findCurrentVersion(schemaDb, project.id);
    const baseVersion = current?.number ?? 0;
    const from = current === null ? null : modelOf(current);
    const plan = planMigration(from, next, { project: projectNames(project.ref), baseVersion });
    try {
      const shown = toSchemaPlan(plan, await countOnLiveData(schemaDb, plan));
      return { current, plan, shown };
    } catch (error) {
      // The tables may have become other ones while their rows were counted.
      const wasOvertaken =
        error instanceof SchemaChangeError &&
        error.code === 'FAILED' &&
        (await findCurrentNumber(schemaDb, project.id)) !== baseVersion;
      if (!wasOvertaken) throw explainSchemaFailure(error, null);
    }
  }
  throw errors.conflict();
}

const countingTimeouts = { maxWait: 2_000, timeout: 30_000 };

async function countOnLiveData(
  schemaDb: Db,
  plan: MigrationPlan,
): Promise<readonly (number | null)[]> {
  if (plan.steps.every(({ count }) => count === null)) return plan.steps.map(() => null);
  return schemaDb.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL statement_timeout = '10s'`;
    await tx.$executeRaw`SET LOCAL lock_timeout = '2s'`;
    return countHazards(clientOf(tx), plan);
  }, countingTimeouts);
}
