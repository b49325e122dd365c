import type { Project, SchemaVersion } from '#prisma';
import type { Db, Tx } from '../../platform/db/database.ts';

/**
 * A version and its project. The SDL, the plan and the lineage are not included: they are large, so lists load them only on demand.
 */
export type SchemaVersionRecord = Omit<SchemaVersion, 'sdl' | 'plan' | 'lineage'> & {
  readonly project: Project;
};

export const withoutContent = { sdl: true, plan: true, lineage: true } as const;

/** Returns the version that a project's tables match: the one with the highest number. */
export function findCurrentVersion(db: Db | Tx, projectId: string): Promise<SchemaVersion | null> {
  return db.schemaVersion.findFirst({ where: { projectId }, orderBy: { number: 'desc' } });
}

/** Returns the number of a project's current version, or 0 if there is no version yet. */
export async function findCurrentNumber(db: Db | Tx, projectId: string): Promise<number> {
  const version = await db.schemaVersion.findFirst({
    where: { projectId },
    orderBy: { number: 'desc' },
    select: { number: true },
  });
  return version?.number ?? 0;
}
