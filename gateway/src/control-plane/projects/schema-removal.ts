import type pg from 'pg';
import { z } from 'zod';

import { dropProjectSchema } from '../../data-plane/schema.ts';
import { projectNames } from '../../engine/migrations.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { isProjectRef } from '../../data-plane/projects/project-ref.ts';
import { controlPlaneLimits } from '../limits.ts';

/** Which projects' schemas to drop. */
export const removalPayload = z.object({
  refs: z.array(z.string().refine(isProjectRef)).max(controlPlaneLimits.maxProjectsPerOrganization),
});

/** In one run; the next takes the rest. */
const orphansPerRun = 500;

/**
 * Drops the PostgreSQL schemas and roles of projects that are deleted. It can be repeated: a gateway that
 * dies in the middle leaves a part, and the next try, or `dropOrphans`, drops that.
 */
export function createSchemaRemovalTasks({ pool }: { readonly pool: pg.Pool }) {
  const drop = async (refs: readonly string[], signal: AbortSignal): Promise<void> => {
    const failures: unknown[] = [];
    for (const ref of refs) {
      signal.throwIfAborted();
      // One that is in use keeps none of the others.
      await dropDeleted(pool, ref).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    drop,
    /** Also those of projects that were deleted by hand, and those that too many tries failed for. */
    async dropOrphans(logger: Logger, signal: AbortSignal): Promise<void> {
      const refs = await findOrphans(pool);
      if (refs.length === 0) return;
      await drop(refs, signal);
      logger.info({ count: refs.length }, 'Dropped what deleted projects had left behind');
    },
  };
}

async function dropDeleted(pool: pg.Pool, ref: string): Promise<void> {
  const client = await pool.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM tessera.projects WHERE ref = $1', [ref]);
    if (rowCount !== 0) throw new Error('A project that is there keeps its schema.');
    await dropProjectSchema(client, projectNames(ref));
    client.release();
  } catch (error) {
    // It may be in any state: not to be used again.
    client.release(true);
    throw error;
  }
}

/**
 * The refs that were given out here, whose project is gone and whose schema or role is not. Roles belong to
 * all databases of a server, so names alone would not tell whose they are. In one statement, and so of one
 * moment: a project that is just being made is there with all of it, or not at all.
 */
async function findOrphans(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ ref: string }>(
    `SELECT r.ref FROM tessera.project_refs AS r
     WHERE r.ref IN (
         SELECT substr(nspname, 3) FROM pg_catalog.pg_namespace WHERE nspname LIKE 'p\\_%'
         UNION ALL
         SELECT substr(rolname, 3) FROM pg_catalog.pg_roles WHERE rolname LIKE 'r\\_%'
       )
       AND NOT EXISTS (SELECT FROM tessera.projects AS p WHERE p.ref = r.ref)
     LIMIT $1`,
    [orphansPerRun],
  );
  return rows.map(({ ref }) => ref);
}
