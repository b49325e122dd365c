import type { Project, SchemaVersion } from '#prisma';
import type { Db, Tx } from '../../platform/db/database.ts';

/**
 * A version without what makes it large, which lists leave in the database until it is asked for, and
 * with the project that it belongs to.
 */
export type SchemaVersionRecord = Omit<SchemaVersion, 'sdl' | 'plan'> & {
  readonly project: Project;
};

export const withoutContent = { sdl: true, plan: true } as const;

/** The version that a project's tables are of: the one with the highest number. */
export function findCurrentVersion(db: Db | Tx, projectId: string): Promise<SchemaVersion | null> {
  return db.schemaVersion.findFirst({ where: { projectId }, orderBy: { number: 'desc' } });
}

/** 0 before the first. */
export async function findCurrentNumber(db: Db | Tx, projectId: string): Promise<number> {
  const version = await db.schemaVersion.findFirst({
    where: { projectId },
    orderBy: { number: 'desc' },
    select: { number: true },
  });
  return version?.number ?? 0;
}
