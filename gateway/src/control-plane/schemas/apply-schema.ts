import { schemaErrors } from './schema-errors.ts';
import type { Prisma, Project } from '#prisma';
import { applyInTransaction } from '../../data-plane/schema.ts';
import type { Hazard } from '../../engine/migrations.ts';
import type { Principal } from '../access/viewer.ts';
import type { Tx } from '../../platform/db/database.ts';
import { databaseTrouble } from '../../platform/db/database-trouble.ts';
import { clientOf } from '../../platform/db/sql-client.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { errors } from '../errors/errors.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { holdProject } from '../projects/projects.service.ts';
import { findTrustedIssuers } from '../project-settings/project-settings.service.ts';
import { planFromCurrent, type CurrentPlan, type SchemaPlanning } from './plan-schema.ts';
import { explainSchemaFailure } from './explain-schema-failure.ts';
import { findCurrentNumber, withoutContent, type SchemaVersionRecord } from './schema-version.ts';

interface ApplyDependencies extends SchemaPlanning {
  readonly audit: AuditService;
}

interface SchemaToApply {
  readonly project: Project;
  readonly sdl: string;
  readonly planHash: string;
  readonly acceptHazards: readonly Hazard[];
}

/** Longer than a large plan takes. The engine limits the time of each statement. */
const transactionTimeouts = { maxWait: 2_000, timeout: 30 * 60_000 };

/** A change that the plan did not consider was committed first: of the project's schema, or of its trusted issuers. */
class ConcurrentChangeError extends Error {}

/**
 * Migrates a project's tables to an SDL by applying a plan that the caller has reviewed. The tables, the version and
 * the audit entry are written in one transaction.
 *
 * The caller's permission is checked again at the end of that transaction, and locked until it commits. A check at the
 * beginning would lock the membership or key for minutes. During that time, the member could not be removed and the key
 * could not be revoked.
 * @throws InvalidSchemaError, StalePlanError, HazardNotAcceptedError, SchemaNotAppliedError, NotFoundError
 * @throws RequestError `SCHEMA_LOCKED` if the tables are in use for more than 2 s, `TIMEOUT`
 */
export async function applySchema(
  dependencies: ApplyDependencies,
  caller: Principal,
  wanted: SchemaToApply,
): Promise<SchemaVersionRecord> {
  const { schemaDb } = dependencies;
  const { project, planHash, acceptHazards, sdl } = wanted;
  const planned = await planFromCurrent(dependencies, project, sdl);
  const { current, plan, shown } = planned;
  if (plan.hash !== planHash) throw schemaErrors.stalePlan(shown);
  const impossible = shown.steps.find(({ certain }) => certain);
  if (impossible !== undefined) throw schemaErrors.certainToFail(impossible);
  const refused = shown.hazards.filter((hazard) => !acceptHazards.includes(hazard));
  if (refused.length > 0) throw schemaErrors.hazardNotAccepted(refused, shown);
  if (current?.sdl === sdl && plan.steps.length === 0) return { ...current, project };

  try {
    return await schemaDb.$transaction(
      (tx) =>
        applyInTransaction(clientOf(tx), plan, {
          check: async () => {
            const number = await findCurrentNumber(tx, project.id);
            if (number !== plan.baseVersion) throw new ConcurrentChangeError();
          },
          record: () => recordVersion(tx, { audit: dependencies.audit, caller, wanted, planned }),
        }),
      transactionTimeouts,
    );
  } catch (error) {
    // A query could fail, too, and its error would hide that the outcome of a lost COMMIT is unknown.
    if (databaseTrouble(error) !== null) throw explainSchemaFailure(error, shown);
    // If the project was deleted in the meantime, that is the cause of any other error.
    if ((await schemaDb.project.count({ where: { id: project.id } })) === 0) {
      throw errors.notFound('project');
    }
    if (!(error instanceof ConcurrentChangeError)) throw explainSchemaFailure(error, shown);
    throw schemaErrors.stalePlan((await planFromCurrent(dependencies, project, sdl)).shown);
  }
}

interface VersionToRecord {
  readonly audit: AuditService;
  readonly caller: Principal;
  readonly wanted: SchemaToApply;
  readonly planned: CurrentPlan;
}

async function recordVersion(
  tx: Tx,
  { audit, caller, wanted, planned }: VersionToRecord,
): Promise<SchemaVersionRecord> {
  const { sdl } = wanted;
  const { plan, shown, users } = planned;
  const { ref } = wanted.project;
  const project = await holdProject(tx, caller, { ref, action: 'schema:apply' });
  // A change of the issuers locks the project too, so that they cannot refer to a field that this version removes.
  const issuers = await findTrustedIssuers(tx, project.id);
  if (!issuers.every(({ userField }) => users.uniqueFields.includes(userField))) {
    throw new ConcurrentChangeError();
  }
  const version = await tx.schemaVersion.create({
    data: {
      projectId: project.id,
      number: plan.baseVersion + 1,
      sdl,
      plan: shown,
      // Plain JSON, but its arrays are read-only.
      lineage: plan.lineage as unknown as Prisma.InputJsonObject,
      ...authorOf(caller),
    },
    omit: withoutContent,
  });
  await audit.record(tx, caller, {
    action: 'schema.apply',
    organizationId: project.organizationId,
    projectId: project.id,
    target: { kind: 'project', id: project.id, label: project.name },
    details: { version: version.number, planHash: plan.hash, hazards: shown.hazards },
  });
  return { ...version, project };
}

function authorOf({ viewer }: Principal) {
  switch (viewer.kind) {
    case 'user':
      return {
        appliedByKind: 'USER',
        appliedById: viewer.userId,
        appliedByName: viewer.email,
      } as const;
    case 'apiKey':
      return {
        appliedByKind: 'API_KEY',
        appliedById: viewer.keyId,
        appliedByName: viewer.prefix,
      } as const;
    case 'anonymous':
      throw errors.unauthenticated();
    default:
      return assertNever(viewer);
  }
}
