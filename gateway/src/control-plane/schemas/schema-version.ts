import type { Project, SchemaVersion } from '#prisma';
import { readSdl, type Model } from '../../engine/schema.ts';
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

/** What the tables are planned from. @throws Error for an SDL that this gateway cannot read */
export function modelOf(version: Pick<SchemaVersion, 'id' | 'sdl'>): Model {
  const reading = readSdl(version.sdl);
  // It could be read when it was applied; a later gateway must go on reading it.
  if (!reading.ok) throw new Error(`The SDL of the schema version ${version.id} cannot be read.`);
  return reading.model;
}
