import { z } from 'zod';

import type { SchemaVersion } from '#prisma';
import type { SchemaHistory } from '../../data-plane/schema.ts';
import type { Lineage } from '../../engine/migrations.ts';
import type { Db } from '../../platform/db/database.ts';

const names = z.array(
  z.object({ name: z.string(), since: z.number(), reused: z.literal(true).optional() }),
);

/** The lineage that is stored with a version (engine/migrations/lineage.ts). */
const lineage: z.ZodType<Lineage> = z.object({
  types: z.array(z.object({ names, fields: z.array(names) })),
  enums: z.array(z.object({ name: z.string(), values: z.array(names) })).optional(),
});

/** The history of a project without versions. */
export const noSchemaHistory: SchemaHistory = { lineage: null, restored: null, unrecorded: [] };

/** Versions without a lineage are read again for each plan until the next version is applied, so there is a limit. */
const maxUnrecorded = 100;

/** Finds what is known about the versions before the current one, for a plan to `next`. */
export async function findHistory(
  db: Db,
  current: SchemaVersion,
  next: string,
): Promise<SchemaHistory> {
  const { projectId, number } = current;
  const same = await db.schemaVersion.findFirst({
    where: { projectId, sdl: next, number: { lt: number } },
    orderBy: { number: 'desc' },
    select: { number: true },
  });
  const restored = next === current.sdl ? null : (same?.number ?? null);
  if (current.lineage !== null) {
    return { lineage: lineage.parse(current.lineage), restored, unrecorded: [] };
  }
  const versions = await db.schemaVersion.findMany({
    where: { projectId, number: { lte: number } },
    orderBy: { number: 'desc' },
    select: { number: true, sdl: true, lineage: true },
    take: maxUnrecorded,
  });
  const recorded = versions.findIndex((version) => version.lineage !== null);
  const unrecorded = versions.slice(0, recorded === -1 ? undefined : recorded + 1).reverse();
  const first = unrecorded[0]?.lineage ?? null;
  return {
    lineage: first === null ? null : lineage.parse(first),
    restored,
    unrecorded: unrecorded.map((version) => ({ number: version.number, sdl: version.sdl })),
  };
}
